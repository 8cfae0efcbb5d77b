//! A layer follows the loss.
//@ Huber | `Huber` | `Affine<50, 10>`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Huber -> Affine<50, 10> -> SigmoidWithLoss;
}

fn main() {}
