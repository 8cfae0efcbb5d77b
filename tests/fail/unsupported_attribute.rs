//! `repr` makes no sense here.
use typenet::prelude::*;

network! {
    #[repr(C)]
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
