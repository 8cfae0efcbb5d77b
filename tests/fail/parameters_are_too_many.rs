//! More than memory holds.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<9999999999, 9999999999> -> SoftmaxWithLoss;
}

fn main() {}
