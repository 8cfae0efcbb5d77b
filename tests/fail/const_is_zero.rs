//! The size is a const with the value 0.
//@ NOTHING | `Affine<784, NOTHING>`
use typenet::prelude::*;

const NOTHING: usize = 0;

network! {
    pub struct Net = Affine<784, NOTHING> -> SoftmaxWithLoss;
}

fn main() {}
