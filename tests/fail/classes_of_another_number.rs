//! The samples have more classes than the embedding.
//@ &x | mismatched types
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<1000, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::zeros();
    let x = Samples::from_classes(Const::<3>, &[5, 1, 1999]).unwrap() as Samples<f32, Const<3>, Classes<2000>>;
    let _ = net.predict(&x);
}
