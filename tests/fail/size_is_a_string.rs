//! A size is a number.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, "50"> -> SoftmaxWithLoss;
}

fn main() {}
