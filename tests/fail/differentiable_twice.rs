//! Once is enough.
//@ differentiable | here already
//@ activation | here already
use typenet::prelude::*;

#[differentiable]
#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[activation]
#[activation]
fn cube<T: Scalar>(x: T) -> T {
    x * x * x
}

fn main() {}
