//! The network has no layers.
//@ SoftmaxWithLoss | `Net`
use typenet::prelude::*;

network! {
    pub struct Net = SoftmaxWithLoss;
}

fn main() {}
