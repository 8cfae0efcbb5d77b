//! The loss has its name.
//@ cost | `loss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> cost: SoftmaxWithLoss;
}

fn main() {}
