//! A convolution over features.
//@ Conv2d<1, 16, 5> | takes images, but `Affine<4, 784>` before it outputs 784 features
use typenet::prelude::*;

network! {
    struct Net = Affine<4, 784> -> Conv2d<1, 16, 5> -> Relu -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
