//! The widths are consts, which only the compiler can evaluate.
//@ OTHER | `Affine<OTHER, 10>` | `Affine<PIXELS, HIDDEN>` | 60 features | outputs 50
use typenet::prelude::*;

const PIXELS: usize = 28 * 28;
const HIDDEN: usize = 50;
const OTHER: usize = 60;

network! {
    pub struct Net = Affine<PIXELS, HIDDEN> -> Relu -> Affine<OTHER, 10> -> SoftmaxWithLoss;
}

fn main() {}
