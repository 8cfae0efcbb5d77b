//! A probability of 1.5.
//@ 1.5 | `Dropout` | less than 1
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Dropout(1.5) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
