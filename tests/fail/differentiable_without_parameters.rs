//! A function without parameters has no derivative.
//@ one | `one` | no parameters
use typenet::prelude::*;

#[differentiable]
fn one<T: Scalar>() -> T {
    T::one()
}

fn main() {}
