//! `T::of` takes a number in double precision.
//@ 2.0f32 | `2.0f32` | `f64` | `2.0`
use typenet::prelude::*;

#[differentiable]
fn double<T: Scalar>(x: T) -> T {
    x * T::of(2.0f32)
}

fn main() {}
