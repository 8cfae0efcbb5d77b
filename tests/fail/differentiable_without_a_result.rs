//! The result is the last value, without a semicolon.
//@ ; | semicolon
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    x * x;
}

fn main() {}
