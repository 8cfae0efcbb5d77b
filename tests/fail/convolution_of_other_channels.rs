//! A convolution over 3 channels after 16.
//@ 3 | takes 3 channels, but `MaxPool2d<2>` before it outputs 16 x 12 x 12
use typenet::prelude::*;

network! {
    struct Net = Input<1, 28, 28> -> Conv2d<1, 16, 5> -> MaxPool2d<2> -> Conv2d<3, 8, 3> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
