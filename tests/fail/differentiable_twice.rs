//! Once is enough.
//@ differentiable | one attribute is enough
//@ activation | one attribute is enough
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
