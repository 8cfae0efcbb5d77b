//! A layer after a block inside of brackets.
//@ 9 | takes 9 features, but `Hidden<4>` before it outputs 4
use typenet::prelude::*;

network! {
    block Hidden<const F: usize> = Affine<F, F> -> Relu;
    struct Net = Affine<2, 4> -> Residual[Hidden<4> -> Affine<9, 4>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
