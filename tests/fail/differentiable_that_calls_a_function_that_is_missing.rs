//! The compiler's own errors, for the call and for the import that finds the derivative.
//@ root | unresolved import `root`
//@ root | cannot find function `root`
//@ shapes::cubed | no `cubed` in `shapes`
//@ cubed | cannot find function `cubed` in module `shapes`
use typenet::prelude::*;

mod shapes {}

#[differentiable]
fn distance<T: Scalar>(x: T, y: T) -> T {
    root(x * x + y * y)
}

#[differentiable]
fn volume(x: f64) -> f64 {
    shapes::cubed(x) * 2.0
}

fn main() {}
