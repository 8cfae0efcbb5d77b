//! A negative padding.
//@ -1 | `padding` is a whole number, `same` or a pair
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9, 9> -> Conv2d<1, 2, 3>(padding = -1) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
