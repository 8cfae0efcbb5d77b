//! The network has one output.
//@ [3.0, 1.0] | 2 numbers | output 1
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 1> -> SigmoidWithLoss(pos_weight = [3.0, 1.0]);
}

fn main() {}
