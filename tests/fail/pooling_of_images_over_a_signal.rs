//! Pooling of images over a signal.
//@ MaxPool2d<2> | takes images | signals of 4 x 8: write `MaxPool1d`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8> -> Conv1d<1, 4, 3>(padding = same) -> MaxPool2d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
