//! The exponent of `powi` is an `i32`.
//@ 2u32 | `powi` | `i32` | `2u32`
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    x.powi(2u32)
}

fn main() {}
