//! The chain begins with an arrow.
//@ -> | `->`
use typenet::prelude::*;

network! {
    pub struct Net = -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
