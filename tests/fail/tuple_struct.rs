//! A network has no fields of its own.
//@ ( | `=` | `struct Net = Affine<784, 10> -> SoftmaxWithLoss;`
use typenet::prelude::*;

network! {
    pub struct Net(f32) = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
