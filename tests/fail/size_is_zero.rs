//! A layer gives at least one feature.
//@ 0 | of 0
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 0> -> SoftmaxWithLoss;
}

fn main() {}
