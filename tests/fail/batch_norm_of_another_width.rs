//! The batch normalization takes 60 features, but the layer before it outputs 50.
//@ 60 | `BatchNorm<60>` | `Affine<784, 50>` | outputs 50
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> BatchNorm<60> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
