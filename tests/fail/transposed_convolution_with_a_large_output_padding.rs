//! An output padding of a whole stride.
//@ 2 | `output_padding` must be less than the stride of 2, not `2`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> ConvTranspose2d<1, 4, 3>(stride = 2, output_padding = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
