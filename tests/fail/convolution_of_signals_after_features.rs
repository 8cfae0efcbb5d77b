//! `Input<100>` in front of a convolution of signals.
//@ Conv1d<1, 2, 3> | takes signals | begin with a signal, as in `Input<1, 100>`
use typenet::prelude::*;

network! {
    struct Net = Input<100> -> Conv1d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
