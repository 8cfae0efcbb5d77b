//! A parameter that is a whole number, in a function that is used.
//@ i32 | `f64`, not `i32`
use typenet::prelude::*;

#[differentiable]
fn power(x: f64, n: i32) -> f64 {
    x.powi(n)
}

fn main() {
    let call = power::forward(2.0, 3);
    println!("{} {}", power(2.0, 3), call.backward(1.0).x);
}
