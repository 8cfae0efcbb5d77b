//! The name is `Relu`, not `ReLU`.
//@ ReLU | cannot find type `ReLU` | a struct with a similar name exists | `Relu`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> ReLU -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
