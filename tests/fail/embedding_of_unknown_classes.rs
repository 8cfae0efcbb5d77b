//! No layer before an embedding has a width.
//@ _ | cannot be the number of classes
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<_, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
