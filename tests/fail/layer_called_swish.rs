//! `Swish` is another name of `Silu`.
//@ Swish | `Swish` | `Silu` | `self::Swish`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Swish -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
