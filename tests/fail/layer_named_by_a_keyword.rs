//! `fn` is a keyword.
//@ fn | `fn`
use typenet::prelude::*;

network! {
    pub struct Net = fn: Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
