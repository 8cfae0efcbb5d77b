//! `Input` must be the first element.
//@ Input<50> | `Input`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Input<50> -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
