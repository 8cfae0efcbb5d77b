//! The classes are 0 to 9.
//@ 10 | one of the 10 classes 0 to 9 | `10`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss(ignore_class = 10);
}

fn main() {}
