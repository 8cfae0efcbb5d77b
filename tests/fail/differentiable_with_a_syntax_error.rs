//! What the compiler cannot read it tells of itself; what calls the function has no error.
//@  | expected `;`, found `y`
use typenet::prelude::*;

#[differentiable]
fn square(x: f64) -> f64 {
    let y = x
    y * x
}

#[differentiable]
fn both(x: f64) -> f64 {
    square(x) * 2.0
}

fn main() {}
