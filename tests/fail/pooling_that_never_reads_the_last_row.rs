//! Pooling of an odd image.
//@ MaxPool2d<2> | allow it with `(ignore_rest = true)`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9, 9> -> MaxPool2d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
