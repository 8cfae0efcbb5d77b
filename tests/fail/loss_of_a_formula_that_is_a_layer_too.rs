//! A loss follows the layers.
//@ Square | is not a layer for the 50 features
use typenet::prelude::*;

#[loss]
fn square<T: Scalar>(y: T, t: T) -> T {
    (y - t) * (y - t)
}

network! { pub struct Net = Affine<784, 50> -> Square -> Affine<50, 10> -> Square; }

fn main() {}
