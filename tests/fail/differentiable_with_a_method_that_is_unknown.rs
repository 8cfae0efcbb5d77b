//! A method whose derivative is not supported.
//@ floor | `floor` | not supported
use typenet::prelude::*;

#[differentiable]
fn whole<T: Scalar>(x: T) -> T {
    x.floor()
}

fn main() {}
