//! An image in front of the loss.
//@ SoftmaxWithLoss | put `Flatten ->` before it
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3> -> SoftmaxWithLoss;
}

fn main() {}
