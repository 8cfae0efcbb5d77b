//! `Input<784>` in front of a convolution.
//@ Conv2d<1, 16, 5> | begin with an image, as in `Input<1, 28, 28>`
use typenet::prelude::*;

network! {
    struct Net = Input<784> -> Conv2d<1, 16, 5> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
