//! A layer over images that has no form for signals.
//@ Upsample2d<2> | takes images | signals of 1 x 8: begin with an image
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8> -> Upsample2d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
