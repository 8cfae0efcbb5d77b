//! Code that uses a function with mistakes has no further errors.
//@ % | `%`
//@ floor | `floor`
use typenet::prelude::*;

#[differentiable]
fn wave<T: Scalar>(x: T, y: T) -> T {
    x % y + x.floor()
}

fn main() {
    let call = wave::forward(1.0, 2.0);
    println!("{} {} {:?}", wave(1.0, 2.0), call.value(), call.backward(1.0).x);
}
