//! `_` where no width is known.
//@ _ | is unknown here
use typenet::prelude::*;

network! {
    struct Net = Affine<_, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
