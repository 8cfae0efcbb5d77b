//! What the compiler cannot read it tells of itself; what calls the function has no error.
//@  | expected `;`, found `y`
//@ fn cube(x: f64) -> f64; | without a body
use typenet::prelude::*;

#[differentiable]
fn square(x: f64) -> f64 {
    let y = x
    y * x
}

#[differentiable]
fn cube(x: f64) -> f64;

#[differentiable]
fn both(x: f64) -> f64 {
    square(x) * cube(x)
}

fn main() {}
