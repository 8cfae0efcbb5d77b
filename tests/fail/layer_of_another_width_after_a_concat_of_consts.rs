//! A layer of another width after a concatenation of consts.
//@ 8 | takes 8 features, but `Concat[..]` before it outputs 9
use typenet::prelude::*;

const WIDE: usize = 6;

network! {
    struct Net = Affine<2, 4> -> Concat[Affine<4, WIDE> | Affine<4, 3>] -> Affine<8, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
