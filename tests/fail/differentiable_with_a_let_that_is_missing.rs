//! A new name without `let` is told of once, however often it is used.
//@ = | `=` | not supported | `let`
use typenet::prelude::*;

#[differentiable]
fn fourfold(x: f64) -> f64 {
    double = x + x;
    double * 2.0
}

fn main() {}
