//! Adaptive pooling with a setting.
//@ ( | has no settings: remove them
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> AdaptiveAveragePool2d<2>(stride = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
