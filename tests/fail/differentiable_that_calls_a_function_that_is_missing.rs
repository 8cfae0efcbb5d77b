//! A name that does not exist is one error as well, whatever is done with the result.
//@ squared | `+ - * /` | `let` | exp ln sqrt | `#[differentiable]`
//@ root | `+ - * /` | `let` | exp ln sqrt | `#[differentiable]`
//@ shapes::cubed | no `cubed` in `shapes`
use typenet::prelude::*;

mod shapes {}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn distance<T: Scalar>(x: T, y: T) -> T {
    let _ = squared(x);
    root(square_of(x), squared(y) * root(x, y))
}

#[differentiable]
fn square_of<T: Scalar>(x: T) -> T {
    x * x
}

#[differentiable]
fn volume(x: f64) -> f64 {
    square(x) + shapes::cubed(x)
}

fn main() {}
