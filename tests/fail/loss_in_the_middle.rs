//! A layer follows the loss.
//@ SoftmaxWithLoss | `SoftmaxWithLoss` | `Affine<50, 10>`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> SoftmaxWithLoss -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
