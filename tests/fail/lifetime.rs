//! A network owns its weights.
use typenet::prelude::*;

network! {
    pub struct Net<'a> = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
