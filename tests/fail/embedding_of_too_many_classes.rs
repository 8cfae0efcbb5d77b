//! Class numbers above 2^24 are not exact in `f32`.
//@ 20_000_000 | up to 16777216
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<20_000_000, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {}
