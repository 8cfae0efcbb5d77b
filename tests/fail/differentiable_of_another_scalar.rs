//! Another trait named `Scalar` is in scope.
//@ * | cannot multiply `T` by `T`
use typenet::prelude::*;

#[differentiable]
fn square<T: typenet::nalgebra::Scalar>(x: T) -> T {
    x * x
}

fn main() {
    println!("{} {}", square(2.0), square::forward(2.0).backward(1.0).x);
}
