//! `Flatten` of features.
//@ Flatten | outputs 50 features already: remove it
use typenet::prelude::*;

network! {
    struct Net = Affine<784, 50> -> Flatten -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
