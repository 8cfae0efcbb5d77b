//! Groups of a transposed convolution.
//@ groups | has no setting `groups`, only `stride`
use typenet::prelude::*;

network! {
    struct Net = Input<6, 8, 8> -> ConvTranspose2d<6, 8, 3>(groups = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
