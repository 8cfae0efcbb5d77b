//! `_` after a layer whose width the macro cannot see.
//@ _ | write the size
use typenet::prelude::*;

network! {
    block Squeeze = Affine<8, 4> -> Relu;
    struct Net = Input<8> -> Squeeze -> Affine<_, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
