//! Both are called `Net`.
//@ Net | `Net`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
    pub struct Net = Affine<784, 20> -> SoftmaxWithLoss;
}

fn main() {}
