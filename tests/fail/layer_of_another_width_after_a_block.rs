//! The layer after a block takes another number of features.
//@ 3 | takes 3 features
use typenet::prelude::*;

network! {
    block Squeeze = Affine<8, 2> -> Relu;
    struct Net = Input<8> -> Squeeze -> Affine<3, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
