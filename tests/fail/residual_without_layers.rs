//! A residual without layers.
//@ ] | has no layers
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
