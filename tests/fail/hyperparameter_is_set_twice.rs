//! A name occurs twice among the hyperparameters.
//@ momentum | is set twice
use typenet::prelude::*;

network! {
    pub struct Net = Affine<8, 4> -> BatchNorm<4>(momentum = 0.1, momentum = 0.2) -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {}
