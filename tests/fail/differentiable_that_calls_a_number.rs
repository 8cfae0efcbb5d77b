//! A number hides the function of its name, as in all of Rust.
//@ half | `half` is a number here
//@ x | `x` is a number here
//@ | | closure
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

/// A name that stands for a mistake gives no second one.
#[differentiable]
fn square(x: f64) -> f64 {
    let square = |y| y * y;
    square(x) + square(x)
}

fn main() {}
