//! A function instead of the layer that `#[activation]` generates from it.
//@ hard_square | `HardSquare` | `#[activation]` function `hard_square`
use typenet::prelude::*;

#[activation]
fn hard_square<T: Scalar>(x: T, end: T) -> T {
    (x * x).min(end)
}

network! {
    pub struct Net = Affine<784, 50> -> hard_square(2.0) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
