//! Only straight-line code is supported.
//@ for | `for` | not supported
use typenet::prelude::*;

#[differentiable]
fn power(x: f64) -> f64 {
    for _ in 0..3 {}
    x
}

fn main() {}
