//! The result must be one number.
//@ (f64, f64) | expected `f64`, found `(f64, f64)`
use typenet::prelude::*;

#[differentiable]
fn swapped(x: f64, y: f64) -> (f64, f64) {
    (y, x)
}

fn main() {
    let (x, y) = swapped(1.0, 2.0);
    println!("{x} {y} {}", swapped::forward(1.0, 2.0).backward(1.0).x);
}
