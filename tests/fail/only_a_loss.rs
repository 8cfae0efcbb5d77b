//! There are no layers.
use typenet::prelude::*;

network! {
    pub struct Net = SoftmaxWithLoss;
}

fn main() {}
