//! A block that contains itself.
//@ Again | contains itself: remove this layer
use typenet::prelude::*;

network! {
    block Again = Affine<4, 4> -> Again;
    struct Net = Affine<2, 4> -> Again -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros().again1;
}
