//! A transposed convolution over 3 channels after 2.
//@ 3 | takes 3 channels, but `Input<2, 8, 8>` before it outputs 2 x 8 x 8
use typenet::prelude::*;

network! {
    struct Net = Input<2, 8, 8> -> ConvTranspose2d<3, 4, 2>(stride = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
