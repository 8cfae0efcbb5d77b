//! No groups.
//@ 0 | `groups` must be at least 1, not `0`
use typenet::prelude::*;

network! {
    struct Net = Input<6, 8, 8> -> Conv2d<6, 8, 3>(groups = 0) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
