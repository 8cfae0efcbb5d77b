//! The layers follow an `=`.
//@ : | `=` | `Net`
use typenet::prelude::*;

network! {
    pub struct Net: Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
