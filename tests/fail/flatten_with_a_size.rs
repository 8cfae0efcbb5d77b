//! `Flatten` with a size.
//@ <784> | has the size of the image before it
use typenet::prelude::*;

network! {
    struct Net = Input<1, 28, 28> -> Flatten<784> -> Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
