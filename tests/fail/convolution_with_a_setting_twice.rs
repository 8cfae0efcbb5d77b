//! A setting that is written twice.
//@ stride | is written twice
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9, 9> -> Conv2d<1, 2, 3>(stride = 2, stride = 1) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
