//! Channels that are a const and differ.
//@ OTHER | takes 3 channels, but
use typenet::prelude::*;

const COLORS: usize = 4;
const OTHER: usize = 3;

network! {
    struct Net = Input<COLORS, 4, 4> -> Conv2d<OTHER, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
