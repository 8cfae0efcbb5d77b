//! Both layers are called `hidden`.
//@ hidden | `hidden`
use typenet::prelude::*;

network! {
    pub struct Net = hidden: Affine<784, 50> -> Relu -> hidden: Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
