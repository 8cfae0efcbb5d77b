//! An empty branch at the beginning.
//@ | | this branch is empty
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Concat[ | Affine<4, 3>] -> Affine<7, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
