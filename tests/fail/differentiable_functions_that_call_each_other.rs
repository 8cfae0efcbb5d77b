//! Neither has a derivative that comes to an end.
//@ pong | CallsNotItself
//@ ping | CallsNotItself
use typenet::prelude::*;

#[differentiable]
fn ping(x: f64) -> f64 {
    x * pong(x)
}

#[differentiable]
fn pong(x: f64) -> f64 {
    x + ping(x)
}

fn main() {}
