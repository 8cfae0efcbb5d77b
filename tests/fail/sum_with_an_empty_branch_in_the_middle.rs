//! An empty branch in the middle.
//@ | | this branch is empty
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Affine<4, 4> | | Relu] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
