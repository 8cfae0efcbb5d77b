//! A loss at the end of a block.
//@ SoftmaxWithLoss | a block has no loss
use typenet::prelude::*;

network! {
    block Hidden = Affine<4, 4> -> Relu -> SoftmaxWithLoss;
    struct Net = Affine<2, 4> -> Hidden -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros().hidden1;
}
