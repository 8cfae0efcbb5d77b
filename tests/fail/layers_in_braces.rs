//! The layers follow an `=`.
//@ { | `=` | `struct Net = Affine<784, 10> -> SoftmaxWithLoss;`
use typenet::prelude::*;

network! {
    pub struct Net { Affine<784, 10> -> SoftmaxWithLoss }
}

fn main() {}
