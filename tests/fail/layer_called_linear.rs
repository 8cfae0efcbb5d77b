//! `Linear` is PyTorch's name.
//@ Linear | cannot find type `Linear` | `Affine` has a name defined in the doc alias attribute as `Linear`
use typenet::prelude::*;

network! {
    pub struct Net = Linear<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
