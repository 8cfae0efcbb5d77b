//! A residual whose ends are two consts that differ.
//@ NARROW | outputs 3 features, but takes 4
use typenet::prelude::*;

const WIDE: usize = 4;
const NARROW: usize = 3;

network! {
    struct Net = Affine<2, WIDE> -> Residual[Affine<WIDE, NARROW>] -> Affine<WIDE, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
