//! Two losses in a row.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> MeanSquaredError -> SoftmaxWithLoss;
}

fn main() {}
