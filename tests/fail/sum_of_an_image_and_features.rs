//! A branch that outputs an image and one that outputs features.
//@ 2 | and 72 features cannot be added
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Sum[Conv2d<1, 2, 3> | Conv2d<1, 2, 3> -> Flatten] -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
