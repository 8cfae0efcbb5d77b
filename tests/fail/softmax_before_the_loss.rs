//! The loss includes softmax.
//@ Softmax | cannot find type `Softmax` | `SoftmaxWithLoss` has a name defined in the doc alias attribute as `Softmax`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> Softmax -> SoftmaxWithLoss;
}

fn main() {}
