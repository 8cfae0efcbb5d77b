//! A side beyond the limit.
//@ 2000 | at most 1024 pixels, not `2000`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 2000, 8> -> Conv2d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
