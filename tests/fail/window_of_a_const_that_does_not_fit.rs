//! A window that is a const and larger than its image.
//@ Conv2d | is larger than its image
use typenet::prelude::*;

const WINDOW: usize = 5;

network! {
    struct Net = Input<1, 4, 4> -> Conv2d<1, 2, WINDOW> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
