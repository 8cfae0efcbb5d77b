//! A const parameter can have any value, but the next layer takes 50 features.
//@ 50 | `Affine<50, 10>` | `Affine<784, HIDDEN>` | 50 features | outputs HIDDEN
use typenet::prelude::*;

network! {
    pub struct Net<const HIDDEN: usize> = Affine<784, HIDDEN> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
