//! Hyperparameters in the form of a struct expression.
//@ { | `Leaky(0.1)`
use typenet::prelude::*;

#[activation]
fn leaky<T: Scalar>(x: T, slope: T) -> T {
    x.max(slope * x)
}

network! {
    pub struct Net = Affine<784, 50> -> Leaky { slope: 0.1 } -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
