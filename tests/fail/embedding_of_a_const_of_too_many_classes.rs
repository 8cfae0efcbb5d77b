//! Class numbers above 2^24 are not exact in `f32`.
//@ MANY | up to 16777216
use typenet::prelude::*;

const MANY: usize = 20_000_000;

network! {
    pub struct Net = Embedding<MANY, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
