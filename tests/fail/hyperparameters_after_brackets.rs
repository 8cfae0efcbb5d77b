//! Hyperparameters after the brackets.
//@ ( | expected `->` and the next layer
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 4>](0.5) -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
