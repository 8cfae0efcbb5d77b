//! `Affine<_, 10>` without `Flatten`.
//@ Affine<_, 10> | put `Flatten ->` between them
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3> -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
