//! A bias that is a number.
//@ 0 | `bias` is `true` or `false`, not `0`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 9, 9> -> Conv2d<1, 2, 3>(bias = 0) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
