//! A size is an integer.
//@ 50.0 | `50.0` | `{...}`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50.0> -> SoftmaxWithLoss;
}

fn main() {}
