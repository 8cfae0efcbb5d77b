//! A dilated window larger than its image.
//@ Conv2d<1, 2, 3> | is 9 pixels high, but its image only 8
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3>(dilation = 4) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
