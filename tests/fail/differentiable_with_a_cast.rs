//! All numbers have one type, so casts are not supported.
//@ as | `as` | not supported
use typenet::prelude::*;

#[differentiable]
fn half(x: f64) -> f64 {
    x * (1 as f64) / 2.0
}

fn main() {}
