//! A residual whose first layer takes another width.
//@ 5 | takes 5 features, but `Affine<2, 4>` before it outputs 4
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<5, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
