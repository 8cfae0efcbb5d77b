//! The parts of what is no number, and blocks of other kinds.
//@ real | a field
//@ 'whole: | a label
//@ async | `async`
use typenet::prelude::*;

#[differentiable]
fn field(x: f64) -> f64 {
    x.real
}

#[differentiable]
fn labelled(x: f64) -> f64 {
    'whole: {
        x
    }
}

#[differentiable]
fn later(x: f64) -> f64 {
    async { x }
}

fn main() {}
