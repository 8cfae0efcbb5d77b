//! An unknown layer inside a residual.
//@ Unheard | cannot find type `Unheard`
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Unheard<4, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
