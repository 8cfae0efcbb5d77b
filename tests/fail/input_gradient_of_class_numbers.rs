//! The input is a class number, which has no derivative.
//@ input_gradient | over class numbers has no gradient with respect to its input | `Classes<1000>`, which has no derivative
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<1000, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {
    let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let x = Samples::from_classes(Const::<3>, &[5, 1, 999]).unwrap();
    let _ = net.input_gradient(&x, &[0, 1, 1].try_into().unwrap());
}
