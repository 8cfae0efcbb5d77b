//! Code that uses a function gives no error of its own after a mistake before that function's body.
//@ T | `T: Scalar`
//@ f32 | `f64`, not `f32`
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
