//! A probability is less than 1.
//@ 1.5 | must be at least 0 and less than 1
use typenet::prelude::*;

network! {
    pub struct Net = Affine<8, 4> -> Dropout(p = 1.5) -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {}
