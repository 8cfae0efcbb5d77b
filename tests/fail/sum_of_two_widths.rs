//! Branches that output different widths.
//@ 5 | this branch outputs 5 features, but the first branch outputs 6, and both are added
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Affine<4, 6> | Affine<4, 5>] -> Affine<6, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
