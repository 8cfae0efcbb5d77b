//! A share is at most 1.
//@ 1.5 | at most 1 | `1.5`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss(label_smoothing = 1.5);
}

fn main() {}
