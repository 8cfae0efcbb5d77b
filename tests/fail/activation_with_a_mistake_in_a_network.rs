//! The network that uses the activation has no further error.
//@ if | `if`
use typenet::prelude::*;

#[activation]
fn leaky<T: Scalar>(x: T, slope: T) -> T {
    if x > T::zero() { x } else { slope * x }
}

network! {
    pub struct Net = Affine<784, 50> -> Leaky(0.1) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
