//! A residual with its layers in parentheses.
//@ ( | in square brackets
use typenet::prelude::*;

network! {
    struct Net = Affine<2, 4> -> Residual(Affine<4, 4> -> Relu) -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
