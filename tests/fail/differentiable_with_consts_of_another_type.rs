//! One error for each, though the derivative needs it as well, and wherever it is used. For a const that is missing, too.
//@ COUNT | expected `f64` | `i32`
//@ EXPONENT | expected `i32` | `i64`
//@ EXPONENT | expected `f64` | `i64`
//@ MISSING | MISSING
use typenet::prelude::*;

const COUNT: i32 = 3;
const EXPONENT: i64 = 3;

#[differentiable]
fn total(x: f64) -> f64 {
    (x * COUNT) / (x + COUNT)
}

#[differentiable]
fn cube(x: f64) -> f64 {
    x.powi(EXPONENT)
}

#[differentiable]
fn triple<T: Scalar>(x: T) -> T {
    x * T::of(EXPONENT)
}

#[differentiable]
fn offset(x: f64) -> f64 {
    x - MISSING
}

fn main() {}
