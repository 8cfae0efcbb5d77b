//! A literal is an `f64`, not a `T`.
//@ 2.0 | `T::of(2.0)`
use typenet::prelude::*;

#[differentiable]
fn double<T: Scalar>(x: T) -> T {
    2.0 * x
}

fn main() {}
