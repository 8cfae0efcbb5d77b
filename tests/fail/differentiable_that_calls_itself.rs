//! Recursion is not supported.
//@ power | `power` is recursive
use typenet::prelude::*;

#[differentiable]
fn power(x: f64) -> f64 {
    x * power(x - 1.0)
}

fn main() {}
