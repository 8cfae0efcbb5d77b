//! `%` is not supported.
//@ % | `%` | not supported
use typenet::prelude::*;

#[differentiable]
fn wave(x: f64) -> f64 {
    x % 1.0
}

fn main() {}
