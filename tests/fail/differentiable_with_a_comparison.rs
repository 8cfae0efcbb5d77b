//! Comparisons are not supported.
//@ > | `>` | not supported
use typenet::prelude::*;

#[differentiable]
fn step(x: f64) -> f64 {
    x > 0.0
}

fn main() {}
