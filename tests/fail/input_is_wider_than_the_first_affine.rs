//! `Input` says 784, the first layer 783.
use typenet::prelude::*;

network! {
    pub struct Net = Input<784> -> Relu -> Affine<783, 10> -> SoftmaxWithLoss;
}

fn main() {}
