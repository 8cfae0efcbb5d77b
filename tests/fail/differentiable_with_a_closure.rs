//! Closures are not supported; call another `#[differentiable]` function instead.
//@ |y: T| y * y | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    (|y: T| y * y)(x)
}

fn main() {}
