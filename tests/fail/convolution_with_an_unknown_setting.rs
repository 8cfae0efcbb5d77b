//! A misspelled setting.
//@ strides | has no setting `strides`, only `stride`, `padding`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9, 9> -> Conv2d<1, 2, 3>(strides = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
