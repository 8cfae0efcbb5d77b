//! A network with a size of its own, which may be any number, where 50 features are taken.
//@ 50 | `Affine<50, 10>` | `Affine<784, HIDDEN>` | 50 features | gives HIDDEN
use typenet::prelude::*;

network! {
    pub struct Net<const HIDDEN: usize> = Affine<784, HIDDEN> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
