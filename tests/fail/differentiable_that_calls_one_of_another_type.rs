//! The compiler's own errors for the argument and the result, as for any function. The derivatives add none.
//@ x | expected `f32` | `f64`
//@ half(x) | expected `f64` | `f32`
//@ x | expected `f32` | type parameter `T`
//@ half(x) | expected type parameter `T` | `f32`
use typenet::prelude::*;

#[differentiable]
fn half(x: f32) -> f32 {
    x * 0.5
}

#[differentiable]
fn quarter(x: f64) -> f64 {
    half(x)
}

#[activation]
fn smaller<T: Scalar>(x: T) -> T {
    half(x)
}

fn main() {}
