//! A hyperparameter that needs a name.
//@ ( | `BatchNorm` | by name
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> BatchNorm<50>(0.2) -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
