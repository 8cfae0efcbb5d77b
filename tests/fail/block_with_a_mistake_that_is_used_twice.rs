//! A mistake in a block that a block and a network use: one error.
//@ 7 | takes 7 features, but `Affine<4, 6>` before it outputs 6
use typenet::prelude::*;

network! {
    block Inner = Affine<4, 6> -> Relu -> Affine<7, 3>;
    block Outer = Inner -> Affine<3, 4>;
    struct Net = Affine<2, 4> -> Inner -> Affine<3, 4> -> Outer -> Inner -> Affine<3, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
