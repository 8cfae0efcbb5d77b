//! More than a `usize` holds.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 99999999999999999999> -> SoftmaxWithLoss;
}

fn main() {}
