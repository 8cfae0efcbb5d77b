//! A matrix of numbers is not a batch of classes.
//@ &x | mismatched types
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<1000, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::zeros();
    let x = SMatrix::<f32, 3, 1>::zeros();
    let _ = net.predict(&x);
}
