//! A loss takes no sizes.
//@ <10> | `MeanAbsoluteError`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> MeanAbsoluteError<10>;
}

fn main() {}
