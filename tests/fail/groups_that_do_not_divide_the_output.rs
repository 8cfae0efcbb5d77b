//! Filters that are not a multiple of the groups.
//@ 4 | outputs 6 channels, which are not a multiple of 4 groups
use typenet::prelude::*;

network! {
    struct Net = Input<8, 8> -> Conv1d<8, 6, 3>(groups = 4) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
