//! Indexing is not supported.
//@ WEIGHTS[0] | not supported
use typenet::prelude::*;

const WEIGHTS: [f64; 2] = [1.0, 2.0];

#[differentiable]
fn first(x: f64) -> f64 {
    x * WEIGHTS[0]
}

fn main() {}
