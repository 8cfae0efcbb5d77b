//! A convolution over 1 channel at the beginning.
//@ 1 | takes 1 channel, but `Input<3, 8, 8>` before it outputs 3 x 8 x 8
use typenet::prelude::*;

network! {
    struct Net = Input<3, 8, 8> -> Conv2d<1, 4, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
