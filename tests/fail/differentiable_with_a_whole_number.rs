//! An `f64` literal needs a decimal point.
//@ 2 | `2.0`
use typenet::prelude::*;

#[differentiable]
fn double(x: f64) -> f64 {
    2 * x
}

fn main() {}
