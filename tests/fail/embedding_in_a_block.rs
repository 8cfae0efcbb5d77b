//! The input of a block is features.
//@ Embedding<1000, 16> | use it in a `struct`
use typenet::prelude::*;

network! {
    pub block Net = Embedding<1000, 16> -> Affine<16, 2>;
}

fn main() {}
