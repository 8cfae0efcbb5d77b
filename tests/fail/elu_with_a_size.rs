//! `Elu` takes any number of features.
//@ <50> | `Elu`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Elu<50> -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
