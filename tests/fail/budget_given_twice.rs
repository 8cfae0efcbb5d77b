//! A cost has two budgets.
//@ parameters = 60 | already has a budget
use typenet::prelude::*;

network! {
    #[budget(parameters = 50, parameters = 60)]
    pub struct Net = Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {}
