//! A residual with two branches.
//@ Affine | write `Sum[..]` to add several branches
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 4> | Affine<4, 4>] -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
