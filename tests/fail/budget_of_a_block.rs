//! A block has a budget.
//@ budget | a block has no budget of its own
use typenet::prelude::*;

network! {
    #[budget(parameters = 50)]
    pub block Hidden = Affine<4, 4> -> Relu;
    pub struct Net = Hidden -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {}
