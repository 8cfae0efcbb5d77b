//! A signal beyond the limit.
//@ 2000 | a signal has at most 1024 values, not `2000`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 2000> -> Conv1d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
