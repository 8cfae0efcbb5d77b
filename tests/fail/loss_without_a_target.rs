//! A loss takes an output and its target.
//@ hinge | an output and its target
use typenet::prelude::*;

#[loss]
fn hinge<T: Scalar>(y: T) -> T {
    (T::one() - y).max(T::zero())
}

fn main() {}
