//! A padding that removes the whole image.
//@ ConvTranspose2d<1, 4, 3> | its padding of 2 removes all of an image 3 pixels high
use typenet::prelude::*;

network! {
    struct Net = Input<1, 1, 1> -> ConvTranspose2d<1, 4, 3>(padding = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
