//! A layer of another width after a sum.
//@ 5 | takes 5 features, but `Sum[..]` before it outputs 6
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Affine<4, 6> | Affine<4, 6>] -> Affine<5, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
