//! A loss must be generic over its scalar.
//@ f64 | `fn f<T: Scalar>(y: T, t: T) -> T` | `f64`
use typenet::prelude::*;

#[loss]
fn square(y: f64, t: f64) -> f64 {
    (y - t) * (y - t)
}

fn main() {}
