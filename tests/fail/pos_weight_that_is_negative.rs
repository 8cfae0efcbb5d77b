//! A weight is not negative.
//@ -3.0 | at least 0 | `-3.0`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 1> -> SigmoidWithLoss(pos_weight = -3.0);
}

fn main() {}
