//! A class number is not the output of a layer.
//@ Embedding<8, 16> | takes class numbers, so it must be the first element
use typenet::prelude::*;

network! {
    pub struct Net = Affine<4, 8> -> Embedding<8, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
