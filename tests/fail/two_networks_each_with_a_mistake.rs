//! Each network is checked, even after a mistake in another one.
//@ SoftmaxWithLoss | `->` | `Affine<784, 10>` | `SoftmaxWithLoss`
//@ 7 | `Affine<784, 50>` | `Relu`
//@ Four | `struct` | `struct Four = ...`
//@ <10> | `SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct One = Affine<784, 10> SoftmaxWithLoss;
    pub struct Two = Affine<784, 10> -> 7 -> SoftmaxWithLoss;
    pub struct Three = Affine<784, 10> -> SoftmaxWithLoss<10>;
    pub Four = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
