//! The macro cannot know whether the parameter is there.
//@ #[cfg(any())] | no condition
use typenet::prelude::*;

#[differentiable]
fn same(#[cfg(any())] y: f64, x: f64) -> f64 {
    x
}

fn main() {}
