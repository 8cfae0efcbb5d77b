//! `Flatten` at the beginning.
//@ Flatten | begin with `Input<1, 28, 28> -> Flatten`
use typenet::prelude::*;

network! {
    struct Net = Flatten -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
