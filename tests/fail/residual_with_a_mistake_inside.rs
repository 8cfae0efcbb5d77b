//! Two layers inside a residual do not fit.
//@ 7 | takes 7 features, but `Affine<4, 6>` before it outputs 6
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 6> -> Relu -> Affine<7, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
