//! Chains in the brackets of a layer that takes none.
//@ [ | takes no chains in brackets
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Relu[Affine<4, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
