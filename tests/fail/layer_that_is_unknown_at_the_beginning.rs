//! `Input` does not help if the first layer is undeclared.
//@ Conv2d | cannot find type `Conv2d` in this scope
use typenet::prelude::*;

network! {
    pub struct Net = Conv2d<3> -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
