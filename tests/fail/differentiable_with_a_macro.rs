//! What a macro stands for cannot be seen.
//@ dbg | `dbg` | not supported
use typenet::prelude::*;

#[differentiable]
fn square<T: Scalar>(x: T) -> T {
    dbg!(x) * x
}

fn main() {}
