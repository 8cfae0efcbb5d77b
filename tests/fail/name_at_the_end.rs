//! The declaration ends after a layer's name.
//@ : | expected a layer
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> loss:
}

fn main() {}
