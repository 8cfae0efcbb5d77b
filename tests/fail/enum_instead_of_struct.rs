//! A network is declared by `struct`.
//@ enum | `struct Name = layers;` | `enum`
use typenet::prelude::*;

network! {
    pub enum Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
