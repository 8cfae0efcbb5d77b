//! All numbers are of one type.
//@ U: Scalar | one type
use typenet::prelude::*;

#[differentiable]
fn first<T: Scalar, U: Scalar>(x: T, y: U) -> T {
    x
}

fn main() {}
