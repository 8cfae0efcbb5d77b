//! A weight is missing for the third class.
//@ [1.0, 50.0] | 2 numbers | output 3
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 3> -> SoftmaxWithLoss(class_weights = [1.0, 50.0]);
}

fn main() {}
