//! `f64` samples for a network in `f32`.
//@ &x | expected `&Matrix<f32, _, Const<784>, _>` | found `&Matrix<f64, Const<2>, Const<784>, ...>`
use typenet::prelude::*;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::<f32>::default();
    let x = SMatrix::<f64, 2, 784>::zeros();
    net.predict(&x);
}
