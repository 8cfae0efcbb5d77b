//! `crate = path` is the only option.
//@ tape | `crate = path`
use typenet::prelude::*;

#[differentiable(tape)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
