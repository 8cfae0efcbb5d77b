//! A network that is generic over the channels of its image.
//@ C | write the channels of the input as a number
use typenet::prelude::*;

network! {
    struct Net<const C: usize> = Input<C, 8, 8> -> Conv2d<C, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
