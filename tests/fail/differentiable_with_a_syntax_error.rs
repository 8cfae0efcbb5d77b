//! The compiler reports it, and the attribute once more.
//@  | expected `;`, found `y`
//@ y | expected `;`
use typenet::prelude::*;

#[differentiable]
fn square(x: f64) -> f64 {
    let y = x
    y * x
}

fn main() {}
