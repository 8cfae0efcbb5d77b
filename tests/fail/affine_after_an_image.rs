//! `Affine` without `Flatten`.
//@ Affine<2304, 10> | put `Flatten ->` between them, with 2304 features
use typenet::prelude::*;

network! {
    struct Net = Input<1, 28, 28> -> Conv2d<1, 16, 5> -> MaxPool2d<2> -> Affine<2304, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
