//! Branches that output images of different channels.
//@ 3 | this branch outputs 3 x 6 x 6, but the first branch outputs 2 x 6 x 6
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Sum[Conv2d<1, 2, 3> | Conv2d<1, 3, 3>] -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
