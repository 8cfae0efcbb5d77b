//! The network has the name of one of its layers.
//@ Relu | `Relu` is the name of the network and of this layer
use typenet::prelude::*;

network! {
    pub struct Relu = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
