//! Nothing is before the first arrow.
//@ -> | `->`
use typenet::prelude::*;

network! {
    pub struct Net = -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
