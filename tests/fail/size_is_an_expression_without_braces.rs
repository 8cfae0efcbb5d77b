//! An expression needs braces.
//@ * | `,` | `>` | `{28 * 28}`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<28 * 28, 10> -> SoftmaxWithLoss;
}

fn main() {}
