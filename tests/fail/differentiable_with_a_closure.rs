//! A function can be called instead, if it is `#[differentiable]` itself.
//@ | | a closure | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    (|y: T| y * y)(x)
}

fn main() {}
