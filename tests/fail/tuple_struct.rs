//! A network has no fields of its own.
use typenet::prelude::*;

network! {
    pub struct Net(f32) = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
