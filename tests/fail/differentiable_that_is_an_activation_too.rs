//! `#[activation]` includes `#[differentiable]`.
//@ activation | `#[activation]` and `#[loss]` include `#[differentiable]`
use typenet::prelude::*;

#[differentiable]
#[activation]
fn square<T: Scalar>(x: T) -> T {
    x * x
}

network! {
    pub struct Net = Affine<784, 50> -> Square -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
