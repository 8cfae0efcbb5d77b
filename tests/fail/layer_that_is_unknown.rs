//! An undeclared layer between two layers with sizes.
//@ Swish | cannot find type `Swish` in this scope
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Swish -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    println!("{}", Net::<f32>::default().summary());
}
