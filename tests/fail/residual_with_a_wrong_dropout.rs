//! A probability out of range inside a residual.
//@ 1.5 | must be at least 0 and less than 1
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 4> -> Dropout(1.5)] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
