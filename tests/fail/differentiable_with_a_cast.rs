//! All numbers are of one type.
//@ as | `as` | not supported
use typenet::prelude::*;

#[differentiable]
fn half(x: f64) -> f64 {
    x * (1 as f64) / 2.0
}

fn main() {}
