//! Consts must be declared outside of the function.
//@ const | `const` | not supported
use typenet::prelude::*;

#[differentiable]
fn half<T: Scalar>(x: T) -> T {
    const HALF: f64 = 0.5;
    x * T::of(HALF) + T::of(2.0 * HALF)
}

fn main() {}
