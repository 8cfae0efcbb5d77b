//! A budget has an unknown unit.
//@ "160 KB" | not a budget | KiB
use typenet::prelude::*;

network! {
    #[budget(bytes = "160 KB")]
    pub struct Net = Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {}
