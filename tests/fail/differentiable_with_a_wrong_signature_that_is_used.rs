//! Code that uses a function gives no error of its own after a mistake before that function's body.
//@ mut | `mut`
//@ T | `T: Scalar`
//@ f32 | `f64`, not `f32`
//@ mut | `mut`
use typenet::prelude::*;

#[differentiable]
fn changed(mut x: f64) -> f64 {
    x
}

#[differentiable]
fn unbound<T>(x: T) -> T {
    x
}

#[differentiable]
fn mixed(x: f64) -> f32 {
    x
}

#[activation]
fn leaky<T: Scalar>(x: T, mut slope: T) -> T {
    x.max(slope * x)
}

network! {
    struct Net = Affine<2, 3> -> Leaky(0.1) -> Affine<3, 1> -> MeanSquaredError;
}

fn main() {
    println!("{}", changed::forward(2.0).backward(1.0).x + changed(2.0) * unbound(2.0));
    println!("{} {}", mixed(2.0) + 1.0, mixed::forward(2.0).value());
    println!("{}", Net::<f32>::default().summary());
}
