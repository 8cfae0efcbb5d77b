//! A convolution of signals over an image.
//@ Conv1d<1, 2, 3> | takes signals | images of 1 x 8 x 8: write `Conv2d`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv1d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
