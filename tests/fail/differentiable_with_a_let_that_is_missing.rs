//! An assignment to an undeclared name is one error, even if the name is used again.
//@ = | `=` | not supported | `let`
use typenet::prelude::*;

#[differentiable]
fn fourfold(x: f64) -> f64 {
    double = x + x;
    double * 2.0
}

fn main() {}
