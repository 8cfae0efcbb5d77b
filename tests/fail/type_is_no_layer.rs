//! A type that is not a layer.
use typenet::prelude::*;

#[derive(Default)]
struct Maximum;

network! {
    pub struct Net = Affine<784, 50> -> Maximum -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
