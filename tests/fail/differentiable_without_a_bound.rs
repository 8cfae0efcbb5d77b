//! The type parameter must be a scalar.
//@ T | `T: Scalar`
use typenet::prelude::*;

#[differentiable]
fn same<T>(x: T) -> T {
    x
}

fn main() {}
