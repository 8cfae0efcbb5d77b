//! A tape for 100 samples, but a batch of 10.
//@ &mut tape | expected `10` | found `100`
use typenet::prelude::*;
use typenet::Batch;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::<f32>::default();
    let x = Batch::<f32, _, _>::zeros(Const::<10>, Const::<784>);
    let mut tape = Net::tape(Const::<100>);
    net.predict_with(&x, &mut tape);
}
