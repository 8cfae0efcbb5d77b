//! The gradient belongs to a wider network.
//@ &gradient | expected `&Net` | found `&Wider`
use typenet::prelude::*;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
    struct Wider = Affine<784, 60> -> Relu -> Affine<60, 10> -> SoftmaxWithLoss;
}

fn main() {
    let mut net = Net::<f32>::default();
    let gradient = Wider::<f32>::zeros();
    net.update(&gradient, 0.1);
}
