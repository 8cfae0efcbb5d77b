//! Branches are not supported, except as `max`, `min` or `abs`.
//@ if | `if` | not supported
use typenet::prelude::*;

#[differentiable]
fn relu<T: Scalar>(x: T) -> T {
    if x > T::zero() { x } else { T::zero() }
}

fn main() {}
