//! A layer gives at least one feature.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 0> -> SoftmaxWithLoss;
}

fn main() {}
