//! A value with a mistake gives no second error when it is used.
//@ (x, x) | not supported
//@ [x] | not supported
//@ & | `&`
//@ vec | `vec`
//@ = | `=`
//@ S | `S`
//@ as | `as`
//@ [x, x] | not supported
//@ round | `round`
use typenet::prelude::*;

struct S {
    x: f64,
}

#[differentiable]
fn tuple(x: f64) -> f64 {
    let pair = (x, x);
    pair.0 * pair.1
}

#[differentiable]
fn array(x: f64) -> f64 {
    let list = [x];
    list[0]
}

#[differentiable]
fn reference(x: f64) -> f64 {
    let y = &x;
    *y * 2.0
}

#[differentiable]
fn vector(x: f64) -> f64 {
    let list = vec![x];
    list.iter().sum() + list[0]
}

#[differentiable]
fn changed(x: f64) -> f64 {
    let mut y = x;
    y = y * y;
    y += 1.0;
    y
}

#[differentiable]
fn structure(x: f64) -> f64 {
    let s = S { x };
    s.x
}

#[differentiable]
fn whole(x: f64) -> f64 {
    let n = x as i32;
    n * n
}

#[differentiable]
fn sum(x: f64) -> f64 {
    [x, x].iter().sum::<f64>()
}

#[differentiable]
fn chain(x: f64) -> f64 {
    x.round().abs_sub(x)
}

fn main() {}
