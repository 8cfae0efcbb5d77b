//! A batch normalization of other channels.
//@ 3 | takes 3 channels, but `Conv2d<1, 2, 3>` before it outputs 2 x 6 x 6
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3> -> BatchNorm<3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
