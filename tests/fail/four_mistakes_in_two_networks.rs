//! Every mistake is reported, each once.
use typenet::prelude::*;

network! {
    pub struct One = Affine<784, 50> -> Relu<50> -> Affine<60, 10> -> SoftmaxWithLoss;
    pub struct Two = Affine<4, 3> -> Sigmoid -> Affine<2, 1> -> Tanh;
}

fn main() {}
