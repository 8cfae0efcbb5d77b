//! A loss is created by `Default`.
//@ ( | takes no hyperparameters | `SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss(0.1);
}

fn main() {}
