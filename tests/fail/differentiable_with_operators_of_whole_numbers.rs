//! Each unsupported operator is one error; its integer operand is not reported.
//@ % | `%`
//@ << | `<<`
//@ ^ | `^`
use typenet::prelude::*;

#[differentiable]
fn remainder(x: f64) -> f64 {
    x % 2
}

#[differentiable]
fn shifted(x: f64) -> f64 {
    x << 2
}

#[differentiable]
fn squared(x: f64) -> f64 {
    x ^ 2
}

fn main() {}
