//! Pooling without a size.
//@ MaxPool2d | takes 1 size, but has 0
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> MaxPool2d -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
