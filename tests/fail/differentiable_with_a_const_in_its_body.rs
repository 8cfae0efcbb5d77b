//! What is declared in the body may not be, and what uses it is no mistake as well.
//@ const HALF: f64 = 0.5; | an item
//@ const TWO: i32 = 2; | an item
//@ macro_rules! double { ($x:expr) => { $x + $x } } | an item
use typenet::prelude::*;

#[differentiable]
fn half<T: Scalar>(x: T) -> T {
    const HALF: f64 = 0.5;
    x * T::of(HALF) + T::of(2.0 * HALF)
}

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    const TWO: i32 = 2;
    x.powi(TWO) + x.powi(TWO + 1)
}

#[differentiable]
fn twice(x: f64) -> f64 {
    macro_rules! double { ($x:expr) => { $x + $x } }
    double!(x) * double!(x)
}

fn main() {}
