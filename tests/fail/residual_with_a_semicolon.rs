//! A semicolon inside brackets.
//@ ; | or `]`
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 4>;] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
