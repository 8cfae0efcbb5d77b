//! A function declaration without a body.
//@ ; | expected curly braces
use typenet::prelude::*;

trait Curve {
    #[differentiable]
    fn slope(x: f64) -> f64;
}

fn main() {}
