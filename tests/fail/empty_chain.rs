//! There is nothing after the `=`.
use typenet::prelude::*;

network! {
    pub struct Net = ;
}

fn main() {}
