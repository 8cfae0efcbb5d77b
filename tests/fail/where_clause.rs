//! There is nothing to say about `T`.
//@ where f32: Copy | `where`
use typenet::prelude::*;

network! {
    pub struct Net where f32: Copy = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
