//! A bias of pooling.
//@ bias | has no setting `bias`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> MaxPool2d<2>(bias = true) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
