//! Labels for 99 of 100 samples.
//@ &labels | expected `100` | found `99`
use typenet::prelude::*;
use typenet::Batch;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::<f32>::default();
    let x = Batch::<f32, _, _>::zeros(Const::<100>, Const::<784>);
    let labels = Labels::<Const<99>, Const<10>>::zeros(Const);
    net.loss(&x, &labels);
}
