//! A loss inside a residual.
//@ SoftmaxWithLoss | cannot stand in brackets
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 4> -> SoftmaxWithLoss] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
