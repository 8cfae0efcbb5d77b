//! What calls a function gives no error of its own after a mistake before that one's body.
//@ mut | `mut`
//@ 'a | lifetimes
//@ T | `T: Scalar`
//@ const N: usize | scalar at most
//@ no_result | `->`
//@ f32 | `f64`, not `f32`
//@ x | parameter `x` before this one
//@ mut | `mut`
//@ #[cfg(any())] | no condition
//@ async | `async`
//@ unsafe | `unsafe`
use typenet::prelude::*;

#[differentiable]
fn changed(mut x: f64) -> f64 {
    x
}

#[differentiable]
fn lifetime<'a>(x: f64) -> f64 {
    x
}

#[differentiable]
fn unbound<T>(x: T) -> T {
    x
}

#[differentiable]
fn sized<const N: usize>(x: f64) -> f64 {
    x
}

#[differentiable]
fn no_result(x: f64) {
    x
}

#[differentiable]
fn mixed(x: f64) -> f32 {
    x
}

#[differentiable]
fn same(x: f64, x: f64) -> f64 {
    x
}

#[differentiable]
fn conditional(x: f64, #[cfg(any())] y: f64) -> f64 {
    x
}

#[differentiable]
async fn later(x: f64) -> f64 {
    x
}

#[differentiable]
unsafe fn risky(x: f64) -> f64 {
    x
}

#[activation]
fn leaky<T: Scalar>(x: T, mut slope: T) -> T {
    x.max(slope * x)
}

#[differentiable]
fn all(x: f64) -> f64 {
    changed(x) * lifetime(x) + unbound(x) * sized::<2>(x) + no_result(x) * mixed(x) + same(x, x) * leaky(x, x) + conditional(x) * later(x) * risky(x)
}

network! {
    struct Net = Affine<2, 3> -> Leaky(0.1) -> Affine<3, 1> -> MeanSquaredError;
}

fn main() {
    println!("{}", changed::forward(2.0).backward(1.0).x + changed(2.0));
    println!("{}", Net::<f32>::default().summary());
}
