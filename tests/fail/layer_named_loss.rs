//! The name `loss` is reserved for the loss.
//@ loss | `loss`
use typenet::prelude::*;

network! {
    pub struct Net = loss: Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
