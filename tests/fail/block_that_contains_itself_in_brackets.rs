//! A block that contains itself inside of brackets.
//@ Again | contains itself
use typenet::prelude::*;

network! {
    block Again = Affine<4, 4> -> Residual[Again];
    struct Net = Affine<2, 4> -> Again -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
