//! A const parameter.
//@ const N: usize | generic only over its scalar
use typenet::prelude::*;

#[differentiable]
fn scaled<const N: usize>(x: f64) -> f64 {
    x * 2.0
}

fn main() {
    println!("{} {}", scaled::<3>(1.0), scaled::forward(1.0).backward(1.0).x);
}
