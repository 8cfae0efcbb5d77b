//! The number of features is a const with the value 0.
//@ NOTHING | a size of `BatchNorm<NOTHING>` is 0
use typenet::prelude::*;

const NOTHING: usize = 0;

network! {
    pub struct Net = Input<NOTHING> -> BatchNorm<NOTHING> -> MeanSquaredError;
}

fn main() {}
