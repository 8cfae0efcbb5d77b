//! An embedding has sizes only.
//@ ( | takes sizes in `<...>`
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<1000, 16>(0.5) -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
