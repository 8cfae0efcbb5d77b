//! The layer without a bias takes 60 features, but the layer before it outputs 50.
//@ 60 | `AffineWithoutBias<60, 10>` | `Affine<784, 50>` | outputs 50
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> AffineWithoutBias<60, 10> -> SoftmaxWithLoss;
}

fn main() {}
