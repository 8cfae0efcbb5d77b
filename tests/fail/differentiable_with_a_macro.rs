//! Macros are not supported, because the attribute cannot expand them.
//@ dbg | `dbg` | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    dbg!(x) * x
}

fn main() {}
