//! An expression needs braces.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<28 * 28, 10> -> SoftmaxWithLoss;
}

fn main() {}
