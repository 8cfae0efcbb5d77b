//! An undeclared const, at both places where it is used.
//@ HIDEN | cannot find value `HIDEN` in this scope
//@ HIDEN | cannot find value `HIDEN` in this scope
use typenet::prelude::*;

const HIDDEN: usize = 50;

network! {
    struct Net = Affine<784, HIDEN> -> Relu -> Affine<HIDEN, 10> -> SoftmaxWithLoss;
}

fn main() {}
