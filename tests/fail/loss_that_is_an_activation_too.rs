//! Two attributes on a function.
//@ activation | use only one
use typenet::prelude::*;

#[loss]
#[activation]
fn square<T: Scalar>(y: T, t: T) -> T {
    (y - t) * (y - t)
}

fn main() {}
