//! The activation needs a hyperparameter.
//@ Leaky | `Leaky` | `Default`
use typenet::prelude::*;

#[activation]
fn leaky<T: Scalar>(x: T, slope: T) -> T {
    x.max(T::zero()) + slope * x.min(T::zero())
}

network! {
    pub struct Net = Affine<784, 50> -> Leaky -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
