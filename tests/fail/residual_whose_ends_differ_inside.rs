//! A residual in a residual whose ends differ.
//@ 6 | outputs 6 features, but takes 8
use typenet::prelude::*;

network! {
    struct Net = Affine<4, 8> -> Residual[Affine<8, 8> -> Residual[Affine<8, 6>] -> Affine<8, 8>] -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
