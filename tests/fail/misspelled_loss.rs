//! A misspelled loss.
//@ SoftMaxWithLos | cannot find type `SoftMaxWithLos` | a struct with a similar name exists | `SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftMaxWithLos;
}

fn main() {}
