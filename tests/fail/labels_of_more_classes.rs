//! Labels of 11 classes for a network with ten.
//@ &labels | expected `10` | found `11`
use typenet::prelude::*;
use typenet::Batch;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::<f32>::default();
    let x = Batch::<f32, _, _>::zeros(Const::<100>, Const::<784>);
    let labels = Labels::<Const<100>, Const<11>>::zeros(Const);
    net.loss(&x, &labels);
}
