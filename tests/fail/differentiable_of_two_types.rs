//! All parameters must have one type.
//@ f32 | `f64` | `f32`
use typenet::prelude::*;

#[differentiable]
fn product(x: f64, y: f32) -> f64 {
    x * y
}

fn main() {}
