//! A convolution at the beginning.
//@ Conv2d<1, 16, 5> | begin with `Input<1, 28, 28> -> Conv2d<1, 16, 5>`
use typenet::prelude::*;

network! {
    struct Net = Conv2d<1, 16, 5> -> Relu -> MaxPool2d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
