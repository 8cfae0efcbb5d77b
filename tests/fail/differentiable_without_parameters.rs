//! There is nothing to differentiate by.
//@ one | `one` | no parameters
use typenet::prelude::*;

#[differentiable]
fn one<T: Scalar>() -> T {
    T::one()
}

fn main() {}
