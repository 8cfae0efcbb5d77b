//! The number of features is missing.
//@ Embedding<1000> | takes 2 sizes, but has 1
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<1000> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
