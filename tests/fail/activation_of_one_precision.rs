//! A network is generic over its scalar.
//@ f64 | `T: Scalar`
use typenet::prelude::*;

#[activation]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
