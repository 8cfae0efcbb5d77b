//! `_` for an output width inside a residual.
//@ _ | only for an input width
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, _>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
