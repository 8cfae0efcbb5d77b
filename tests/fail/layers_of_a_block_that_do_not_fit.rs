//! Two layers in a block do not fit.
//@ 5 | takes 5 features
use typenet::prelude::*;

network! {
    block Wrong = Affine<8, 4> -> Relu -> Affine<5, 2>;
    struct Net = Input<8> -> Wrong -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
