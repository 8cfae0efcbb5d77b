//! The macro cannot evaluate `#[cfg]`.
//@ #[cfg(any())] | cannot have `#[cfg]`
use typenet::prelude::*;

#[differentiable]
fn same(#[cfg(any())] y: f64, x: f64) -> f64 {
    x
}

fn main() {}
