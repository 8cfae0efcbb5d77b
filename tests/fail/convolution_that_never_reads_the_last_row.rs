//! A stride that leaves the last row and column unread.
//@ Conv2d<1, 2, 3> | would never be read
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3>(stride = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
