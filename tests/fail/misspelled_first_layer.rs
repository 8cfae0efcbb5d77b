//! A misspelled `Relu` instead of an `Affine`.
//@ Reul | `Reul` | `Relu`
use typenet::prelude::*;

network! {
    pub struct Net = Reul<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
