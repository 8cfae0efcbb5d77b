//! The network is called as one of its layers.
//@ Relu | `Relu` would be a layer of itself
use typenet::prelude::*;

network! {
    pub struct Relu = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
