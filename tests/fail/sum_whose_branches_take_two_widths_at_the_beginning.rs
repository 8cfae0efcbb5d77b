//! Branches at the beginning that take different widths.
//@ 3 | takes 3 features, but the first branch takes 4
use typenet::prelude::*;

network! {
    struct Net = Sum[Affine<4, 6> | Affine<3, 6>] -> Affine<6, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
