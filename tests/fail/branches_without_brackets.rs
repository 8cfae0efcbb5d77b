//! Branches outside of brackets.
//@ | | branches are written in brackets
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Relu | Tanh -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
