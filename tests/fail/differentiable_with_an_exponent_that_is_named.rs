//! The exponent of `powi` cannot be a `let` binding.
//@ 3 | `3` is not an `f64`
//@ n | `i32` literal or const
use typenet::prelude::*;

#[differentiable]
fn cube(x: f64) -> f64 {
    let n = 3;
    x.powi(n)
}

#[differentiable]
fn power(x: f64) -> f64 {
    let n = x;
    x.powi(n)
}

fn main() {}
