//! Channels that are not a multiple of the groups.
//@ 4 | takes 6 channels, which are not a multiple of 4 groups
use typenet::prelude::*;

network! {
    struct Net = Input<6, 8, 8> -> Conv2d<6, 8, 3>(groups = 4) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
