//! The types beside a function have names of their own.
//@ Slope | a type that stands beside this function is called `Slope`
//@ SineGradient | a type that stands beside this function is called `SineGradient`
#![allow(non_snake_case)]
use typenet::prelude::*;

#[differentiable]
fn Slope<Slope: Scalar>(x: Slope) -> Slope {
    x * x
}

#[differentiable]
fn sine<SineGradient: Scalar>(x: SineGradient) -> SineGradient {
    x.sin()
}

fn main() {}
