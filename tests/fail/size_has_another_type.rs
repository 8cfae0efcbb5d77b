//! A size is a `usize`.
//@ 50u32 | `usize` | `u32` | `50`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50u32> -> SoftmaxWithLoss;
}

fn main() {}
