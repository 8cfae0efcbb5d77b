//! An activation must be generic over its scalar.
//@ f64 | `fn f<T: Scalar>(x: T) -> T` | `f64`
use typenet::prelude::*;

#[activation]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
