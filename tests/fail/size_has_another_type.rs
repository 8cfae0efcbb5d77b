//! A size is a `usize`.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50u32> -> SoftmaxWithLoss;
}

fn main() {}
