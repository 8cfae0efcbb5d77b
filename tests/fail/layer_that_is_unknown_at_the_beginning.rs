//! `Input` does not help if the first layer is undeclared.
//@ Recurrent | cannot find type `Recurrent` in this scope
use typenet::prelude::*;

network! {
    pub struct Net = Recurrent<3> -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
