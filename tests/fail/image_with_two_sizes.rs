//! An image without channels.
//@ Input<28, 28> | or the shape of an image
use typenet::prelude::*;

network! {
    struct Net = Input<28, 28> -> Conv2d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
