//! A result that is more than a number.
//@ (f64, f64) | `f64`, not `(f64, f64)`
use typenet::prelude::*;

#[differentiable]
fn swapped(x: f64, y: f64) -> (f64, f64) {
    (y, x)
}

fn main() {
    let (x, y) = swapped(1.0, 2.0);
    println!("{x} {y} {}", swapped::forward(1.0, 2.0).backward(1.0).x);
}
