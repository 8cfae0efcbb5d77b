//! `Dense` is Keras's name.
//@ Dense | cannot find type `Dense` | `Affine` has a name defined in the doc alias attribute as `Dense`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Dense<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
