//! A stride of 0.
//@ 0 | `stride` must be at least 1, not `0`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9, 9> -> Conv2d<1, 2, 3>(stride = 0) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
