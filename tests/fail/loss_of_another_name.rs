//! The loss is always named `loss`.
//@ cost | `loss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> cost: SoftmaxWithLoss;
}

fn main() {}
