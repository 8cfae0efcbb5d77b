//! A residual at the beginning whose layers take any width.
//@ Residual | begin with `Input<...> -> Residual[..]`
use typenet::prelude::*;

network! {
    struct Net = Residual[Relu] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
