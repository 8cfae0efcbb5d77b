//! Rust takes the `*` for another operator, but that is not the mistake.
//@ const | `const` block | not supported
use typenet::prelude::*;

#[differentiable]
fn double(x: f64) -> f64 {
    const { 2.0 } * x
}

fn main() {}
