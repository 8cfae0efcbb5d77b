//! A suffix that is no type, one of another type, and a type in place of a number.
//@ 2x | `2x` is not a number | `x`
//@ 2.0x | `2.0x` is not a number | `x`
//@ 2f32 | `2f32` is not an `f64`: write `2.0`
//@ f64 | `f64(...)` is not supported
//@ T | `T` is a type
//@ T::one | write `T::one()`
//@ T::PI | `T::pi()`
//@ cos | write `.cos()`
use typenet::prelude::*;

#[differentiable]
fn double(x: f64) -> f64 {
    x * 2x
}

#[differentiable]
fn twice(x: f64) -> f64 {
    x * 2.0x
}

#[differentiable]
fn single(x: f64) -> f64 {
    x * 2f32
}

#[differentiable]
fn cast(x: f64) -> f64 {
    f64(x)
}

#[differentiable]
fn kind<T: Scalar>(x: T) -> T {
    x * T
}

#[differentiable]
fn next<T: Scalar>(x: T) -> T {
    x + T::one
}

#[differentiable]
fn area<T: Scalar>(x: T) -> T {
    x * x * T::PI
}

#[differentiable]
fn wave<T: Scalar>(x: T) -> T {
    x.cos
}

fn main() {}
