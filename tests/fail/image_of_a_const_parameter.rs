//! A network that is generic over the side of its image.
//@ S | write the sides of an image as numbers
use typenet::prelude::*;

network! {
    struct Net<const S: usize> = Input<1, S, 8> -> Conv2d<1, 2, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
