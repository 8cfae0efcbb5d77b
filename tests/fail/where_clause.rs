//! A network cannot have a `where` clause.
//@ where f32: Copy | `where`
use typenet::prelude::*;

network! {
    pub struct Net where f32: Copy = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
