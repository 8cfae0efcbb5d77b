//! There is at least one class.
//@ 0 | not `0`
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<0, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
