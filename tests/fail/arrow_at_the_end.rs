//! The chain ends with an arrow.
//@ -> | `->`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> ->;
}

fn main() {}
