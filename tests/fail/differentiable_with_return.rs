//! The result is the last value.
//@ return | `return` | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    return x * x;
}

fn main() {}
