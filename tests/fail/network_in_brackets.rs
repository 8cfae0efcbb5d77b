//! A network inside of brackets.
//@ Inner | is a network with its own loss
use typenet::prelude::*;

network! {
    struct Inner = Affine<4, 4> -> SoftmaxWithLoss;
    struct Net = Affine<2, 4> -> Residual[Inner] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
