//! `Input` inside a residual.
//@ Input<4> | must be the first element
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Input<4> -> Affine<4, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
