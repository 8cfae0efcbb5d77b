//! A concatenation in a block that is generic over its width.
//@ F | stable Rust cannot add const parameters
use typenet::prelude::*;

network! {
    block Dense<const F: usize> = Input<F> -> Concat[Identity | Affine<F, 4>];
    struct Net = Affine<2, 4> -> Dense<4> -> Affine<8, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
