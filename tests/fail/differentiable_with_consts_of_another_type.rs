//! One error in the function and one for the derivatives, even if they use the const several times.
//@ * | cannot multiply `f64` by `i32`
//@ COUNT | expected `f64` | `i32`
//@ EXPONENT | expected `i32` | `i64` | arguments to this method
//@ EXPONENT | expected `i32` | `i64`
//@ MISSING | MISSING
use typenet::prelude::*;

const COUNT: i32 = 3;
const EXPONENT: i64 = 3;

#[differentiable]
fn total(x: f64) -> f64 {
    (x * COUNT) / (x + 1.0)
}

#[differentiable]
fn cube(x: f64) -> f64 {
    x.powi(EXPONENT)
}

#[differentiable]
fn offset(x: f64) -> f64 {
    x - MISSING
}

fn main() {}
