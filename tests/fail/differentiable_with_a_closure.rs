//! A function can be called instead, if it is `#[differentiable]` itself.
//@ |y: T| y * y | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    (|y: T| y * y)(x)
}

fn main() {}
