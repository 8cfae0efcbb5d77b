//! One error for each: the number beside it would be right if it were supported.
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
