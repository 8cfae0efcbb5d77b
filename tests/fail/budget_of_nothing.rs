//! A budget limits nothing.
//@ budget | limits nothing
use typenet::prelude::*;

network! {
    #[budget()]
    pub struct Net = Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {}
