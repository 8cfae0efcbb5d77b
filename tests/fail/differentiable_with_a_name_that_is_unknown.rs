//! An undeclared name.
//@ z | `z`
use typenet::prelude::*;

#[differentiable]
fn sum<T: Scalar>(x: T, y: T) -> T {
    x + z * y
}

fn main() {}
