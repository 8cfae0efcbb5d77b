//! `_` for an output width.
//@ _ | write the output width of `Affine`
use typenet::prelude::*;

network! {
    struct Net = Affine<784, _> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
