//! Groups of channels that are a const parameter.
//@ 4 | write the channels of groups with numbers
use typenet::prelude::*;

network! {
    block Unit<const C: usize> = Input<C, 8, 8> -> Conv2d<C, 8, 3>(groups = 4) -> Relu;
}

fn main() {}
