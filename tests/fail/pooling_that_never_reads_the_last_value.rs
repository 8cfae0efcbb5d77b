//! Pooling of a signal of odd length.
//@ MaxPool1d<2> | the last value of its signal, 9 values long, would never be read
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9> -> MaxPool1d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
