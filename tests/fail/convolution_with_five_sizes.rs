//! A convolution with too many sizes.
//@ Conv2d<1, 2, 3, 3, 1> | but has 5
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3, 3, 1> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
