//! The field of a branch that does not exist.
//@ 2 | no field `2`
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Sum[Relu | Tanh] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let net: Net = Net::zeros();
    let _ = &net.sum1.2;
}
