//! One hyperparameter with a name and one without.
//@ ( | name all or none
use typenet::prelude::*;

#[activation]
fn bend<T: Scalar>(x: T, slope: T, shift: T) -> T {
    x.max(slope * x) + shift
}

network! {
    pub struct Net = Affine<784, 50> -> Bend(slope = 0.1, 0.2) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
