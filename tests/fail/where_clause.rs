//! There is nothing to say about `T`.
use typenet::prelude::*;

network! {
    pub struct Net where f32: Copy = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
