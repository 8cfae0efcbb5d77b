//! A loss takes no arguments.
//@ <10> | `SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss<10>;
}

fn main() {}
