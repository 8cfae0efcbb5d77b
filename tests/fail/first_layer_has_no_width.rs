//! `Relu` does not say how many features the network takes.
use typenet::prelude::*;

network! {
    pub struct Net = Relu -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
