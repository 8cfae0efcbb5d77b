//! A network has layers instead of fields.
//@ ( | `=` | `struct Net = Affine<784, 10> -> SoftmaxWithLoss;`
use typenet::prelude::*;

network! {
    pub struct Net(f32) = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
