//! It is an ordinary function.
//@ async | `async`
use typenet::prelude::*;

#[differentiable]
async fn same(x: f64) -> f64 {
    x
}

fn main() {}
