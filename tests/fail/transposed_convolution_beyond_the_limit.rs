//! An image that becomes too large.
//@ ConvTranspose2d<1, 4, 2> | outputs an image 1200 pixels high, but 1024 is the limit
use typenet::prelude::*;

network! {
    struct Net = Input<1, 600, 8> -> ConvTranspose2d<1, 4, 2>(stride = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
