//! A window larger than its padded image.
//@ Conv2d<1, 2, 9> | is 9 pixels high, but its image only 8 with its padding of 1
use typenet::prelude::*;

network! {
    struct Net = Input<1, 6, 6> -> Conv2d<1, 2, 9>(padding = 1) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
