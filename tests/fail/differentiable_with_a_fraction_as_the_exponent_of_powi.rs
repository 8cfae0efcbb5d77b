//! The exponent of `powi` is an integer.
//@ 2.0 | `powi` | `i32` | `2.0` | `powf`
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    x.powi(2.0)
}

fn main() {}
