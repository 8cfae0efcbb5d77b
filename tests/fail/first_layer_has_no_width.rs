//! `Relu` does not specify the input width.
//@ Relu | `Relu` | `Input<...> -> Relu`
use typenet::prelude::*;

network! {
    pub struct Net = Relu -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
