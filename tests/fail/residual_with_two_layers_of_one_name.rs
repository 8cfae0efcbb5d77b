//! Two layers of one name inside a residual.
//@ a | another layer is already named `a`
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[a: Affine<4, 4> -> a: Affine<4, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
