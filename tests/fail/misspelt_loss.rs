//! A misspelt loss.
//@ SoftMaxWithLos | `SoftMaxWithLos` | `SoftmaxWithLoss` | `self::SoftMaxWithLos`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftMaxWithLos;
}

fn main() {}
