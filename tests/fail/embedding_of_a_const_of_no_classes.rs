//! The number of classes is a const with the value 0.
//@ NOTHING | a size of `Embedding<NOTHING, 16>` is 0
use typenet::prelude::*;

const NOTHING: usize = 0;

network! {
    pub struct Net = Embedding<NOTHING, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
