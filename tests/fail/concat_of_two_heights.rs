//! Branches that output images of different heights.
//@ 3 | `Concat` joins images of one height and width
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Concat[Conv2d<1, 2, 3> | Conv2d<1, 3, 5>] -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
