//! A literal that the macro compares, and a const that the compiler compares.
//@ 60 | `Affine<60, 40>` | `Affine<784, 50>` | 60 features | outputs 50
//@ HIDDEN | `Affine<HIDDEN, 10>` | `Affine<60, 40>` | 30 features | outputs 40
use typenet::prelude::*;

const HIDDEN: usize = 30;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<60, 40> -> Relu -> Affine<HIDDEN, 10> -> SoftmaxWithLoss;
}

fn main() {}
