//! A name for a whole number is told of where it is given, once.
//@ 3 | `3` is a whole number
//@ i32 | `f64`, not `i32`
//@ i32 | `f64`, not `i32`
use typenet::prelude::*;

#[differentiable]
fn cube(x: f64) -> f64 {
    let n = 3;
    x.powi(n)
}

#[differentiable]
fn fourth(x: f64) -> f64 {
    let n: i32 = 4;
    x.powi(n)
}

#[differentiable]
fn unused(x: f64) -> f64 {
    let _n: i32 = 4;
    x
}

fn main() {}
