//! `Input` has 784 features, but the first layer takes 783.
//@ 783 | `Affine<783, 10>` | `Input<784>` | 783 features | outputs 784
use typenet::prelude::*;

network! {
    pub struct Net = Input<784> -> Relu -> Affine<783, 10> -> SoftmaxWithLoss;
}

fn main() {}
