//! Groups that are a const and do not divide the channels.
//@ Conv2d | are not multiples of its number of groups
use typenet::prelude::*;

const GROUPS: usize = 4;

network! {
    struct Net = Input<6, 8, 8> -> Conv2d<6, 8, 3>(groups = GROUPS) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
