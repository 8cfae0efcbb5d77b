//! A window longer than its signal.
//@ Conv1d<1, 2, 9> | is 9 values long, but its signal only 8
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8> -> Conv1d<1, 2, 9> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
