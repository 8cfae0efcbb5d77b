//! `Linear` is PyTorch's name.
use typenet::prelude::*;

network! {
    pub struct Net = Linear<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
