//! A value takes no attributes.
//@ #[rustfmt::skip] | attribute | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    let square = #[rustfmt::skip] (x * x);
    square
}

fn main() {}
