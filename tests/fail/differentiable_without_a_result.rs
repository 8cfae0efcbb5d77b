//! The result is the last expression, without a semicolon.
//@ ; | semicolon
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    x * x;
}

fn main() {}
