//! A misspelt `Relu`.
//@ Rleu | `Rleu` | `Relu` | `self::Rleu`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Rleu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
