//! `return` is not supported: the result is the last expression.
//@ return | `return` | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    return x * x;
}

fn main() {}
