//! A misspelled `Relu`.
//@ Rleu | cannot find type `Rleu` | a struct with a similar name exists | `Relu`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Rleu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
