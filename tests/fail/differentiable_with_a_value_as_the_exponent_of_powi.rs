//! A variable exponent needs `powf`.
//@ n | `powi` | `powf`
use typenet::prelude::*;

#[differentiable]
fn power<T: Scalar>(x: T, n: T) -> T {
    x.powi(n)
}

fn main() {}
