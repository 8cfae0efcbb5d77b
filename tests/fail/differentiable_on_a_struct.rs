//! It stands before a function.
//@ struct | before a function
use typenet::prelude::*;

#[differentiable]
struct Point {
    x: f64,
}

fn main() {}
