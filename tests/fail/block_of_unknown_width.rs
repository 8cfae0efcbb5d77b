//! A block of layers that take any width.
//@ Relu | the input width is unknown
use typenet::prelude::*;

network! {
    block Bend = Relu -> Tanh;
}

fn main() {}
