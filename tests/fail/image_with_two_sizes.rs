//! An image without channels.
//@ Conv2d<1, 2, 3> | signals of 28 x 28: write `Conv1d`, or begin with an image, as in `Input<1, 28, 28>`
use typenet::prelude::*;

network! {
    struct Net = Input<28, 28> -> Conv2d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
