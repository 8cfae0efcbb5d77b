//! Adaptive pooling of features.
//@ AdaptiveAveragePool2d<2> | takes images, but `Affine<4, 64>` before it outputs 64 features
use typenet::prelude::*;

network! {
    struct Net = Affine<4, 64> -> AdaptiveAveragePool2d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
