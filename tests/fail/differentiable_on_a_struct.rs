//! It stands before a function.
//@ struct | expected `fn`
use typenet::prelude::*;

#[differentiable]
struct Point {
    x: f64,
}

fn main() {}
