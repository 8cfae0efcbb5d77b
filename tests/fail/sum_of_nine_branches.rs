//! More branches than a sum takes.
//@ Tanh | takes at most 8 branches
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Relu | Relu | Relu | Relu | Relu | Relu | Relu | Relu | Tanh] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
