//! `repr` is not supported.
//@ repr | `#[repr]` | `derive` | `must_use` | `deprecated` | `non_exhaustive`
use typenet::prelude::*;

network! {
    #[repr(C)]
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
