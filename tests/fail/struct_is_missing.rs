//! A network is declared by `struct`.
//@ Net | `struct` | `struct Net = ...`
use typenet::prelude::*;

network! {
    pub Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
