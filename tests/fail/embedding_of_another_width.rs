//! The next layer takes another number of features.
//@ 15 | `Embedding<1000, 16>` before it outputs 16
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<1000, 16> -> Affine<15, 2> -> SoftmaxWithLoss;
}

fn main() {}
