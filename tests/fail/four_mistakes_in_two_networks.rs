//! Every mistake is reported once.
//@ <50> | `Relu`
//@ 60 | `Affine<60, 10>` | `Affine<784, 50>` | 60 features | outputs 50
//@ Tanh | `Two` | `Tanh` | `-> SoftmaxWithLoss`
//@ 2 | `Affine<2, 1>` | `Affine<4, 3>` | 2 features | outputs 3
use typenet::prelude::*;

network! {
    pub struct One = Affine<784, 50> -> Relu<50> -> Affine<60, 10> -> SoftmaxWithLoss;
    pub struct Two = Affine<4, 3> -> Sigmoid -> Affine<2, 1> -> Tanh;
}

fn main() {}
