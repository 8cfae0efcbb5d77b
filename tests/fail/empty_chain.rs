//! Nothing follows the `=`.
//@ ; | `Net` | `= Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;`
use typenet::prelude::*;

network! {
    pub struct Net = ;
}

fn main() {}
