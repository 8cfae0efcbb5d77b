//! A window of two sizes over a signal.
//@ Conv1d<1, 2, 3, 3> | takes 3 sizes, but has 4
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8> -> Conv1d<1, 2, 3, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
