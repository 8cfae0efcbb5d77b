//! Fields are not supported, and `x.cos` is not a call.
//@ x.real | `x.real` | not supported
//@ x.cos | `x.cos` | not supported
use typenet::prelude::*;

#[differentiable]
fn field(x: f64) -> f64 {
    x.real
}

#[differentiable]
fn method<T: Scalar>(x: T) -> T {
    x.cos
}

fn main() {}
