//! `ReLU` is written otherwise.
//@ ReLU | `ReLU` | `Relu` | `self::ReLU`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> ReLU -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
