//! The second `Affine` takes 60 features, but the first gives 50.
//@ 60 | `Affine<60, 10>` | `Affine<784, 50>` | 60 features | gives 50
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<60, 10> -> SoftmaxWithLoss;
}

fn main() {}
