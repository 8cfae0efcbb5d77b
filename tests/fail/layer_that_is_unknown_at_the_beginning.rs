//! `Input` is of no use before a layer that nobody has declared.
//@ Conv2d | cannot find type `Conv2d` in this scope
use typenet::prelude::*;

network! {
    pub struct Net = Conv2d<3> -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
