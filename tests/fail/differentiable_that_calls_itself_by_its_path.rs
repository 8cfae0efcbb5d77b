//! It has no end by its path either.
//@ self::power | `power` | itself
use typenet::prelude::*;

#[differentiable]
fn power<T: Scalar>(x: T) -> T {
    x * self::power(x)
}

fn main() {}
