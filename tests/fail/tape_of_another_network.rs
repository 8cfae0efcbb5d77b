//! The tape belongs to a wider network.
//@ &mut tape | expected `&mut Tape<Net, Const<100>>` | found `&mut Tape<Wider, Const<100>>`
use typenet::prelude::*;

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
    struct Wider = Affine<784, 60> -> Relu -> Affine<60, 10> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::<f32>::default();
    let x = Batch::<f32, _, _>::zeros(Const::<100>, Const::<784>);
    let mut tape = Wider::<f32>::tape(Const::<100>);
    net.predict_with(&x, &mut tape);
}
