//! The error from which on the loss grows linearly is positive.
//@ 0.0 | greater than 0 | `0.0`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> Huber(0.0);
}

fn main() {}
