//! A size is at least 1.
//@ 0 | not `0`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 0> -> SoftmaxWithLoss;
}

fn main() {}
