//! The size is a const of value 0.
use typenet::prelude::*;

const NOTHING: usize = 0;

network! {
    pub struct Net = Affine<784, NOTHING> -> SoftmaxWithLoss;
}

fn main() {}
