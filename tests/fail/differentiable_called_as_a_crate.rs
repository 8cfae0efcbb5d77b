//! A function with the name of a crate must be called by its path.
//@ core | ambiguous | use `crate::core` to refer to this struct
use typenet::prelude::*;

#[differentiable]
fn core<T: Scalar>(x: T) -> T {
    x * x
}

#[differentiable]
fn cube<T: Scalar>(x: T) -> T {
    core(x) * x
}

fn main() {}
