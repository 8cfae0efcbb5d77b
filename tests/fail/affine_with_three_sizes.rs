//! `Affine` takes two sizes.
//@ Affine<784, 50, 10> | `Affine` | `Affine<784, 50>` | 2 sizes | but has 3
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50, 10> -> SoftmaxWithLoss;
}

fn main() {}
