//! A `let` must bind a single name.
//@ (a, b) | pattern
use typenet::prelude::*;

#[differentiable]
fn swapped<T: Scalar>(x: T, y: T) -> T {
    let (a, b) = (y, x);
    a / b
}

fn main() {}
