//! A window larger than its image.
//@ Conv2d<2, 3, 7> | is 7 pixels high, but its image only 6
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> Conv2d<1, 2, 3> -> Conv2d<2, 3, 7> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
