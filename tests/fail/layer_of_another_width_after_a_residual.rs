//! A layer of another width after a residual.
//@ 5 | before it outputs 4
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 4> -> Relu] -> Affine<5, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
