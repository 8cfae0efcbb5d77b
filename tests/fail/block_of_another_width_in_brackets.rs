//! A block of another width inside of brackets.
//@ Hidden | takes 8 features, but `Affine<2, 4>` before it outputs 4
use typenet::prelude::*;

network! {
    block Hidden<const F: usize> = Affine<F, F> -> Relu;
    struct Net = Affine<2, 4> -> Residual[Hidden<8>] -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
