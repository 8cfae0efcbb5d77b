//! Only three costs have a budget.
//@ latency | `latency` has no budget | use `parameters`, `bytes` or `multiply_adds`
use typenet::prelude::*;

network! {
    #[budget(latency = 5)]
    pub struct Net = Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {}
