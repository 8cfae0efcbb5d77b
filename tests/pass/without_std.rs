//! What is written needs no `std` in scope.
#![no_std]
#![no_implicit_prelude]

extern crate std as standard; // a program has to have its `main`

use ::core::assert_eq;
use ::typenet::prelude::*;

#[differentiable]
fn share<T: Scalar>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

#[activation]
fn weighed<T: Scalar>(x: T, slope: T) -> T {
    x * share(slope * x)
}

#[activation]
fn hard_tanh<T: Scalar>(x: T) -> T {
    x.min(T::one()).max(-T::one())
}

network! {
    struct Net = Affine<2, 3> -> Weighed(1.702) -> Affine<3, 3> -> HardTanh -> Affine<3, 2> -> SoftmaxWithLoss;
}

fn main() {
    assert_eq!(share::forward(0.0_f64).backward(1.0).x, 0.25);
    let net: Net = ::core::default::Default::default();
    assert_eq!(net.parameter_count(), 2 * 3 + 3 + 3 * 3 + 3 + 3 * 2 + 2);
}
