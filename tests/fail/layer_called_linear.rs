//! `Linear` is PyTorch's name.
//@ Linear | `Linear` | `Affine` | `Affine<784, 50>` | `self::Linear`
use typenet::prelude::*;

network! {
    pub struct Net = Linear<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
