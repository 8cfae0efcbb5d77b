//! All numbers are of one type.
//@ U: Scalar | scalar alone
use typenet::prelude::*;

#[differentiable]
fn first<T: Scalar, U: Scalar>(x: T, y: U) -> T {
    x
}

fn main() {}
