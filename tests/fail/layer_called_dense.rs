//! `Dense` is the name in Keras.
//@ Dense | `Dense` | `Affine` | `Affine<784, 50>` | `self::Dense`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Dense<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
