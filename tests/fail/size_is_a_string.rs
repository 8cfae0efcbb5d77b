//! A size is an integer.
//@ "50" | `"50"` | `{...}`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, "50"> -> SoftmaxWithLoss;
}

fn main() {}
