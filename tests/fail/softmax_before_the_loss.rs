//! The loss takes softmax itself.
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> Softmax -> SoftmaxWithLoss;
}

fn main() {}
