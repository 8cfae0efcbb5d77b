//! An integer parameter. The code that uses the function has no further error.
//@ i32 | expected `f64`, found `i32`
use typenet::prelude::*;

#[differentiable]
fn power(x: f64, n: i32) -> f64 {
    x.powi(n)
}

fn main() {
    let call = power::forward(2.0, 3);
    println!("{} {}", power(2.0, 3), call.backward(1.0).x);
}
