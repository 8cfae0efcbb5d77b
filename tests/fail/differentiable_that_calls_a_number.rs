//! A number hides the function of its name, as in all of Rust.
//@ half | `half` is a number here
//@ x | `x` is a number here
use typenet::prelude::*;

#[differentiable]
fn half<T: Scalar>(x: T) -> T {
    x * T::of(0.5)
}

#[differentiable]
fn quarter<T: Scalar>(x: T) -> T {
    let half = half(x);
    half(half) + x(half)
}

fn main() {}
