//! The width is an expression with a const of another module.
//@ sizes | `Affine<{ sizes::HIDDEN + 1 }, 10>` | `Affine<784, sizes::HIDDEN>` | 51 features | outputs 50
use typenet::prelude::*;

mod sizes {
    pub const HIDDEN: usize = 50;
}

network! {
    pub struct Net = Affine<784, sizes::HIDDEN> -> Relu -> Affine<{ sizes::HIDDEN + 1 }, 10> -> SoftmaxWithLoss;
}

fn main() {}
