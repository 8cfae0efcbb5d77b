//! The loss needs a hyperparameter.
//@ Power | `Power` | `Default`
use typenet::prelude::*;

#[loss]
fn power<T: Scalar>(y: T, t: T, exponent: T) -> T {
    (y - t).abs().powf(exponent)
}

network! { pub struct Net = Affine<784, 10> -> Power; }

fn main() {}
