//! A sum in angle brackets.
//@ Sum<Relu, Tanh> | takes layers in brackets
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum<Relu, Tanh> -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
