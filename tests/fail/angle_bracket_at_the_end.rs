//! The declaration ends in the middle of a size.
//@ < | expected `,` or `>` after a size
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss <
}

fn main() {}
