//! A function of the scalar that gives no number. It is used three times, and told of once.
//@ T::max_value() | mismatched types
use typenet::prelude::*;

#[differentiable]
fn bounded<T: Scalar>(x: T) -> T {
    let end = T::max_value();
    x.min(end) * end
}

fn main() {}
