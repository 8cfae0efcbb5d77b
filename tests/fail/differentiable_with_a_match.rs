//! Only straight-line code is supported.
//@ match | `match` | not supported
use typenet::prelude::*;

#[differentiable]
fn same<T: Scalar>(x: T) -> T {
    match x {
        y => y,
    }
}

fn main() {}
