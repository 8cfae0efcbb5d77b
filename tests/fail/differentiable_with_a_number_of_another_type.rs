//! All numbers of a function have one type.
//@ 2.0f32 | `2.0f32` | `f64` | `2.0`
use typenet::prelude::*;

#[differentiable]
fn double(x: f64) -> f64 {
    x * 2.0f32
}

fn main() {}
