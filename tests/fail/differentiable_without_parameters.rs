//! There is nothing to differentiate by.
//@ one | `one` | no number
use typenet::prelude::*;

#[differentiable]
fn one<T: Scalar>() -> T {
    T::one()
}

fn main() {}
