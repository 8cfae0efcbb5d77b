//! A layer is given by its type, not by a call of `new`.
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
