//! The setting of a transposed convolution.
//@ output_padding | has no setting `output_padding`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 4, 3>(output_padding = 1) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {}
