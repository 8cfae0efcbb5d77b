//! Softmax over one output is always 1.
//@ 1 | `SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 1> -> SoftmaxWithSoftTargets;
}

fn main() {}
