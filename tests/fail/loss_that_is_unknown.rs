//! An undeclared loss.
//@ HingeLoss | cannot find type `HingeLoss` in this scope
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> HingeLoss;
}

fn main() {}
