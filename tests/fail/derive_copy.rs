//! A network cannot be `Copy`.
//@ Copy | `Copy` | `Clone`
use typenet::prelude::*;

network! {
    #[derive(Clone, Copy)]
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
