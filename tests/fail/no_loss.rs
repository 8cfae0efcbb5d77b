//! The network ends with a layer.
//@ Affine<50, 10> | `Net` | `Affine<50, 10>` | `-> SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<50, 10>;
}

fn main() {}
