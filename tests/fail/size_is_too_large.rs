//! The size does not fit in a `usize`.
//@ 99999999999999999999 | `99999999999999999999`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 99999999999999999999> -> SoftmaxWithLoss;
}

fn main() {}
