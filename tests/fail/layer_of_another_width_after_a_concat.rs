//! A layer of another width after a concatenation.
//@ 8 | takes 8 features, but `Concat[..]` before it outputs 9
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Concat[Affine<4, 6> | Affine<4, 3>] -> Affine<8, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
