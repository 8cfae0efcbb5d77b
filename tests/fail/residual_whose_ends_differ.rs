//! A residual that outputs fewer features than it takes.
//@ 32 | outputs 32 features, but takes 64, and both are added
use typenet::prelude::*;

network! {
    struct Net = Affine<10, 64> -> Residual[Affine<64, 32> -> Relu] -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
