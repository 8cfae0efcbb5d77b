//! References are not supported.
//@ & | `&` | not supported
use typenet::prelude::*;

#[differentiable]
fn same(x: f64) -> f64 {
    (&x).abs()
}

fn main() {}
