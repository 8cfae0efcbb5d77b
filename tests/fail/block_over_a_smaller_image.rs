//! A block over images of another size.
//@ Unit | takes
use typenet::prelude::*;

network! {
    block Unit = Input<2, 8, 8> -> Conv2d<2, 2, 3>(padding = same) -> Relu;
    struct Net = Input<2, 8, 8> -> Conv2d<2, 2, 3> -> Unit -> Flatten -> Affine<128, 10> -> SoftmaxWithLoss;
}

fn main() {}
