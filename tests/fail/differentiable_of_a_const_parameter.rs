//! A parameter of a const.
//@ const N: usize | generic over its scalar alone
use typenet::prelude::*;

#[differentiable]
fn scaled<const N: usize>(x: f64) -> f64 {
    x * 2.0
}

fn main() {
    println!("{} {}", scaled::<3>(1.0), scaled::forward(1.0).backward(1.0).x);
}
