//! A size is a whole number.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50.0> -> SoftmaxWithLoss;
}

fn main() {}
