//! An input of four sizes.
//@ Input<1, 2, 8, 8> | takes 1 size, but has 4
use typenet::prelude::*;

network! {
    struct Net = Input<1, 2, 8, 8> -> Conv2d<2, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
