//! `Flatten` behind channels that are a const parameter.
//@ Flatten | cannot multiply const parameters
use typenet::prelude::*;

network! {
    struct Net<const C: usize> = Input<1, 8, 8> -> Conv2d<1, C, 3> -> Flatten -> Affine<72, 10> -> SoftmaxWithLoss;
}

fn main() {}
