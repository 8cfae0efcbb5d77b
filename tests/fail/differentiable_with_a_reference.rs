//! It takes and gives numbers.
//@ & | `&` | not supported
use typenet::prelude::*;

#[differentiable]
fn same(x: f64) -> f64 {
    (&x).abs()
}

fn main() {}
