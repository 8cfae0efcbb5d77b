//! A network has more parameters than its budget.
//@ 10_000 | `Net` has 39760 parameters | budget is 10000 | `affine1` 39250, `affine2` 510
use typenet::prelude::*;

network! {
    #[budget(parameters = 10_000)]
    pub struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
