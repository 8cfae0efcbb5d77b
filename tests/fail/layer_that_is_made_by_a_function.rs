//! A layer is a type; what makes it is written by the network.
//@ new | `Swish(0.5)`
use typenet::prelude::*;

#[activation]
fn swish<T: Scalar>(x: T, slope: T) -> T {
    x / (T::one() + (-slope * x).exp())
}

network! {
    pub struct Net = Affine<784, 50> -> Swish::new(0.5) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
