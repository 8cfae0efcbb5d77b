//! An embedding has an input of its own.
//@ Embedding<1000, 16> | remove `Input<1000> ->`
use typenet::prelude::*;

network! {
    pub struct Net = Input<1000> -> Embedding<1000, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
