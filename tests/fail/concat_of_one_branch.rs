//! A concatenation of one branch.
//@ [ | takes 2 or more branches
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Concat[Affine<4, 6>] -> Affine<6, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
