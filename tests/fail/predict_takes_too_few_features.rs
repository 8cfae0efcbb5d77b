//! The network takes 784 features.
//@ &x | expected `784` | found `783`
use typenet::prelude::*;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::<f32>::default();
    let x = SMatrix::<f32, 2, 783>::zeros();
    net.predict(&x);
}
