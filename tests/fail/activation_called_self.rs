//! The layer cannot be called `Self`.
//@ self_ | `self_`
use typenet::prelude::*;

#[activation]
fn self_<T: Scalar>(x: T) -> T {
    x.tanh()
}

fn main() {}
