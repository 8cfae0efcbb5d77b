//! What stands for a mistake gives no second one, whatever is done to it.
//@ ( | a tuple
//@ [ | an array
//@ & | `&`
//@ vec | `vec!`
//@ mut | `mut`
//@ S | a struct
//@ as | `as`
//@ [ | an array
//@ self | `self`
//@ round | `round`
//@ const HALF: f64 = 0.5; | an item
//@ T | no number is a `T`
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
    n * 2 + 1
}

#[differentiable]
fn sum(x: f64) -> f64 {
    [x, x].iter().sum::<f64>()
}

#[differentiable]
fn method(x: f64) -> f64 {
    self.scale(x)
}

#[differentiable]
fn chain(x: f64) -> f64 {
    x.round().abs_sub(x)
}

#[differentiable]
fn half(x: f64) -> f64 {
    const HALF: f64 = 0.5;
    x * HALF
}

#[differentiable]
fn generic<T: Scalar>(x: f64) -> f64 {
    x
}

fn main() {}
