//! Two losses in a row.
//@ MeanSquaredError | `MeanSquaredError` | `SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> MeanSquaredError -> SoftmaxWithLoss;
}

fn main() {}
