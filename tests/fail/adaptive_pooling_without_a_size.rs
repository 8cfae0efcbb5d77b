//! Adaptive pooling without a size.
//@ AdaptiveAveragePool2d | write the sides of its output, as in `AdaptiveAveragePool2d<7>`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> AdaptiveAveragePool2d -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
