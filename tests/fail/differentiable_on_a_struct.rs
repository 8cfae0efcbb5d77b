//! The attribute is for functions only.
//@ struct | expected `fn`
use typenet::prelude::*;

#[differentiable]
struct Point {
    x: f64,
}

fn main() {}
