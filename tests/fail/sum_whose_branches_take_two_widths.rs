//! Branches that take different widths.
//@ 3 | takes 3 features, but `Affine<2, 4>` before it outputs 4
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Affine<4, 6> | Affine<3, 6>] -> Affine<6, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
