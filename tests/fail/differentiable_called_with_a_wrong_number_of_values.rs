//! Each wrong call is one error, although the derivative also calls the function.
//@ product | 2 arguments | 1 argument
//@ product | 2 arguments | 3 arguments
use typenet::prelude::*;

#[differentiable]
fn product<T: Scalar>(x: T, y: T) -> T {
    x * y
}

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    product(x)
}

#[activation]
fn cube<T: Scalar>(x: T) -> T {
    product(x, x, x)
}

fn main() {}
