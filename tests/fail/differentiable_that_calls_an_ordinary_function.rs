//! A function without the attribute has no derivative.
//@ square | `+ - * /` | `let` | exp ln sqrt | `#[differentiable]`
use typenet::prelude::*;

fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn cube(x: f64) -> f64 {
    square(x) * x
}

fn main() {}
