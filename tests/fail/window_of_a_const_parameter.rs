//! A network that is generic over its window.
//@ K | write the window with numbers
use typenet::prelude::*;

network! {
    struct Net<const K: usize> = Input<1, 8, 8> -> Conv2d<1, 2, K> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
