//! Values cannot be changed.
//@ += | `+=` | not supported
use typenet::prelude::*;

#[differentiable]
fn double(x: f64) -> f64 {
    x += x;
    x
}

fn main() {}
