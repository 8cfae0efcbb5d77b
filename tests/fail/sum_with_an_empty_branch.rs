//! An empty branch at the end.
//@ ] | this branch is empty
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Affine<4, 4> | ] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
