//! A network that is generic over the length of its signal.
//@ L | write the length of a signal as a number
use typenet::prelude::*;

network! {
    struct Net<const L: usize> = Input<1, L> -> Conv1d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
