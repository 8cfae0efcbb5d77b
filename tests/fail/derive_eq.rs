//! Floats do not implement `Eq`.
//@ Eq | `Eq` | `PartialEq`
use typenet::prelude::*;

network! {
    #[derive(PartialEq, Eq)]
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
