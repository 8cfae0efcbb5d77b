//! The compiler reports a syntax error, and the attribute reports it again.
//@  | expected `;`, found `y`
//@ y | expected `;`
use typenet::prelude::*;

#[differentiable]
fn square(x: f64) -> f64 {
    let y = x
    y * x
}

fn main() {}
