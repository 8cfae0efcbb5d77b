//! The loss takes softmax itself.
//@ Softmax | `Softmax` | `SoftmaxWithLoss` | `self::Softmax`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> Softmax -> SoftmaxWithLoss;
}

fn main() {}
