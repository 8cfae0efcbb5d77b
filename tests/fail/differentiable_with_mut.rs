//! A value keeps its value.
//@ mut | `mut`
use typenet::prelude::*;

#[differentiable]
fn double<T: Scalar>(x: T) -> T {
    let mut y = x + x;
    y
}

fn main() {}
