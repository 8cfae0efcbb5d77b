//! A layer follows the loss.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> SoftmaxWithLoss -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
