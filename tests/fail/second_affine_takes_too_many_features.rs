//! The second `Affine` takes 60 features, but the first outputs 50.
//@ 60 | `Affine<60, 10>` | `Affine<784, 50>` | 60 features | outputs 50
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<60, 10> -> SoftmaxWithLoss;
}

fn main() {}
