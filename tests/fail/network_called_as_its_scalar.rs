//! The network has the name of the scalar that it is generic over.
//@ T | `T` is the network's scalar
use typenet::prelude::*;

network! {
    pub struct T = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
