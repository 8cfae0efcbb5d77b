//! Code that uses a function with a wrong signature has no further errors.
//@ T | `T: Scalar`
//@ f32 | expected `f64`, found `f32`
use typenet::prelude::*;

#[differentiable]
fn unbound<T>(x: T) -> T {
    x
}

#[differentiable]
fn mixed(x: f64) -> f32 {
    x
}

fn main() {
    println!("{} {}", unbound(2.0) + 1.0, unbound::forward(2.0).backward(1.0).x);
    println!("{} {}", mixed(2.0) + 1.0, mixed::forward(2.0).value());
}
