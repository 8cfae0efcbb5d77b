//! `crate` is the only option.
//@ path | `#[typenet(crate = path)]`
use typenet::prelude::*;

network! {
    #[typenet(path = typenet)]
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
