//! `Affine` of another width after `Flatten`.
//@ 2303 | takes 2303 features, but `Flatten` before it outputs 2304
use typenet::prelude::*;

network! {
    struct Net = Input<1, 28, 28> -> Conv2d<1, 16, 5> -> MaxPool2d<2> -> Flatten -> Affine<2303, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
