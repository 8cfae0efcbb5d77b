//! The network has the name of its scalar type.
//@ T | `T` is the network's scalar type
use typenet::prelude::*;

network! {
    pub struct T = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
