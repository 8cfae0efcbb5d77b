//! Adaptive pooling to a const parameter.
//@ S | write the sides of an image as numbers
use typenet::prelude::*;

network! {
    struct Net<const S: usize> = Input<1, 8, 8> -> AdaptiveAveragePool2d<S> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
