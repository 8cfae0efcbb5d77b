//! The compiler tells of it; what uses the function has no error.
//@ type | keyword `type`
use typenet::prelude::*;

#[differentiable]
fn scaled<T: Scalar>(x: T, type: T) -> T {
    x
}

fn main() {
    println!("{} {}", scaled(1.0, 2.0), scaled::forward(1.0, 2.0).backward(1.0).x);
}
