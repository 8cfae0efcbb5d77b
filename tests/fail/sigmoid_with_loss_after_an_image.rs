//! A loss takes features.
//@ SigmoidWithLoss | `Flatten
use typenet::prelude::*;

network! {
    pub struct Net = Input<1, 28, 28> -> Conv2d<1, 8, 5> -> SigmoidWithLoss;
}

fn main() {}
