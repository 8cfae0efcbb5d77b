//! A type that does not implement `Loss`.
//@ Hinge | `Hinge` | `SoftmaxWithLoss` | `MeanSquaredError` | `typenet::Loss` | 10 features
use typenet::prelude::*;

#[derive(Default)]
struct Hinge;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> Hinge;
}

fn main() {}
