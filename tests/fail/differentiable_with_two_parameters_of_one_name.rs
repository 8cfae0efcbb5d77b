//! There is one derivative by each name.
//@ x | `x` before this one
use typenet::prelude::*;

#[differentiable]
fn product<T: Scalar>(x: T, x: T) -> T {
    x * x
}

fn main() {}
