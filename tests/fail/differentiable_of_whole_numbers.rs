//! The scalar must be `f32`, `f64` or a `T: Scalar`.
//@ u32 | `u32` | `f64`
//@ u32 | `u32` | `f64`
use typenet::prelude::*;

#[differentiable]
fn square(x: u32) -> u32 {
    x * x
}

fn main() {}
