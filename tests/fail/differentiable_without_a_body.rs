//! A function that is only declared.
//@ ; | expected curly braces
use typenet::prelude::*;

trait Curve {
    #[differentiable]
    fn slope(x: f64) -> f64;
}

fn main() {}
