//! All parameters must have one type.
//@ U: Scalar | generic only over its scalar
use typenet::prelude::*;

#[differentiable]
fn first<T: Scalar, U: Scalar>(x: T, y: U) -> T {
    x
}

fn main() {}
