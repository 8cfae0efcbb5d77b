//! Branches are not supported.
//@ if | `if` is not supported
use typenet::prelude::*;

#[loss]
fn step<T: Scalar>(y: T, t: T) -> T {
    if y > t { y - t } else { t - y }
}

fn main() {}
