//! `T` is the scalar.
//@ T | `T`
use typenet::prelude::*;

network! {
    pub struct Net<const T: usize> = Affine<784, T> -> SoftmaxWithLoss;
}

fn main() {}
