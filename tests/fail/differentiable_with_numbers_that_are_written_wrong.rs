//! A suffix of another type, and calls without parentheses.
//@ 2f32 | `2f32` is not an `f64`: write `2.0`
//@ T::one | write `T::one()`
//@ T::PI | `T::pi()`
use typenet::prelude::*;

#[differentiable]
fn single(x: f64) -> f64 {
    x * 2f32
}

#[differentiable]
fn next<T: Scalar>(x: T) -> T {
    x + T::one
}

#[differentiable]
fn area<T: Scalar>(x: T) -> T {
    x * x * T::PI
}

fn main() {}
