//! The attribute is repeated.
//@ differentiable | only one of these attributes
//@ activation | only one of these attributes
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
