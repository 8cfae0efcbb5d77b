//! `Relu` does not say how many features the network takes.
//@ Relu | `Relu` | `Input<...> -> Relu`
use typenet::prelude::*;

network! {
    pub struct Net = Relu -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
