//! Two branches that differ from the first: an error at each.
//@ 5 | this branch outputs 5 features
//@ 7 | this branch outputs 7 features
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Affine<4, 6> | Affine<4, 5> | Affine<4, 7>] -> Affine<6, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
