//! A const padding that removes the whole image.
//@ ConvTranspose2d | leave no pixels
use typenet::prelude::*;

const PADDING: usize = 2;

network! {
    struct Net = Input<1, 1, 1> -> ConvTranspose2d<1, 4, 3>(padding = PADDING) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
