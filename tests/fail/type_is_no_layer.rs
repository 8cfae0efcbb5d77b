//! A type that does not implement `Layer`.
//@ Maximum | `Maximum` | `Affine<784, 50>` | `typenet::Layer<T, Const<50>>` | 50 features
use typenet::prelude::*;

#[derive(Default)]
struct Maximum;

network! {
    pub struct Net = Affine<784, 50> -> Maximum -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
