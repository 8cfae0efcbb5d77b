//! A pattern instead of a parameter name.
//@ (x, y) | `x: T`, not a pattern
use typenet::prelude::*;

#[differentiable]
fn product((x, y): (f32, f32)) -> f32 {
    x * y
}

fn main() {
    let value: f32 = product((2.0, 3.0)) + product::forward((2.0, 3.0)).value();
    println!("{value}");
}
