//! A residual whose convolution makes the image smaller.
//@ 2 | `Residual` outputs 2 x 4 x 4, but takes 2 x 6 x 6, and both are added
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3> -> Residual[Conv2d<2, 2, 3>] -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
