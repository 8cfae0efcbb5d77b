//! Hyperparameters of this loss have names.
//@ ( | by name | `label_smoothing`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss(0.1);
}

fn main() {}
