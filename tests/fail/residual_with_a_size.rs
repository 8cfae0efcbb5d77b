//! A residual with a size in place of its layers.
//@ Residual<4> | takes layers in brackets
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual<4> -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
