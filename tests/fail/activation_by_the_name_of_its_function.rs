//! The function in place of the layer that is made of it.
//@ hard_square | `HardSquare` | `#[activation]` makes of the function `hard_square`
use typenet::prelude::*;

#[activation]
fn hard_square<T: Scalar>(x: T, end: T) -> T {
    (x * x).min(end)
}

network! {
    pub struct Net = Affine<784, 50> -> hard_square(2.0) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
