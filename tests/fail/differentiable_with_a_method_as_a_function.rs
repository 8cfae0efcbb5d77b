//! A method in the form of a function.
//@ f64::exp | `x.exp()`
use typenet::prelude::*;

#[differentiable]
fn grow(x: f64) -> f64 {
    f64::exp(x)
}

fn main() {}
