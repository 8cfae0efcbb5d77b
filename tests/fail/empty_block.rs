//! A block without layers.
//@ ; | has no layers
use typenet::prelude::*;

network! {
    block Nothing = ;
}

fn main() {}
