//! A size is a `usize`.
//@ u8 | `usize` | `u8`
use typenet::prelude::*;

network! {
    pub struct Net<const H: u8> = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
