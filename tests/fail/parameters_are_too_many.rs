//! The parameters do not fit in memory.
//@ Affine<9999999999, 9999999999> | `Affine<9999999999, 9999999999>`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<9999999999, 9999999999> -> SoftmaxWithLoss;
}

fn main() {}
