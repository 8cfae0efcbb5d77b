//! A padding of more than half of the window.
//@ 2 | must be at most 1, half of its window, not `2`
use typenet::prelude::*;

network! {
    struct Net = Input<1, 8, 8> -> MaxPool2d<2>(padding = 2) -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
