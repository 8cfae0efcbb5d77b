//! Networks are separated by `;`.
//@ pub | `;` | `One`
use typenet::prelude::*;

network! {
    pub struct One = Affine<784, 10> -> SoftmaxWithLoss
    pub struct Two = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
