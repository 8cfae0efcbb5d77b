//! `Affine` takes two sizes.
//@ Affine<784> | `Affine` | `Affine<784, 50>` | 2 sizes | but has 1
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
