//! The network calculates in `f32`, the samples are `f64`.
use typenet::prelude::*;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::<f32>::default();
    let x = SMatrix::<f64, 2, 784>::zeros();
    net.predict(&x);
}
