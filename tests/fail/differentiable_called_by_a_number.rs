//! A type has no number for its name.
//@ _1 | `_1`
use typenet::prelude::*;

#[differentiable]
fn _1<T: Scalar>(x: T) -> T {
    x * x
}

fn main() {}
