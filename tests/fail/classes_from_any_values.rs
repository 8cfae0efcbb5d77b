//! Class numbers are checked.
//@ Classes::<1000> | cannot be made from any values
use typenet::prelude::*;

network! {
    pub struct Net = Embedding<1000, 16> -> Affine<16, 2> -> SoftmaxWithLoss;
}

fn main() {
    let net = Net::zeros();
    let x = Batch::from_fn(Const::<3>, Classes::<1000>, |_, _| 0.5);
    let _ = net.predict(&x);
}
