//! A stride in two directions over a signal.
//@ (1, 2) | `stride` is a whole number, not
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9> -> MaxPool1d<2>(stride = (1, 2)) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
