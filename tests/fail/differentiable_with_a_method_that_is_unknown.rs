//! There is no derivative of it here.
//@ floor | `floor` | not supported
use typenet::prelude::*;

#[differentiable]
fn whole<T: Scalar>(x: T) -> T {
    x.floor()
}

fn main() {}
