//! A function that is only declared.
//@ slope | no body of which the derivatives could be found
use typenet::prelude::*;

trait Curve {
    #[differentiable]
    fn slope(x: f64) -> f64;
}

fn main() {}
