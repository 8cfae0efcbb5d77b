//! `crate` is the only option.
use typenet::prelude::*;

network! {
    #[typenet(path = typenet)]
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
