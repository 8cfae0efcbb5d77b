//! Six mistakes in one chain.
//@ => | `->` | `=>`
//@ - | `->` | `-`
//@ cost | `loss`
//@ <10> | `Tanh`
//@ 0 | not `0`
//@ 60 | `Affine<60, 0>` | `Affine<784, 50>` | 60 features | outputs 50
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> => Relu -> Affine<60, 0> - Tanh<10> -> Affine<10, 10> -> cost: SoftmaxWithLoss;
}

fn main() {}
