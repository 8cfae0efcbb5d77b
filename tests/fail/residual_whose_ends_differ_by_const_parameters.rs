//! A residual between two const parameters.
//@ G | outputs G features, but takes F
use typenet::prelude::*;

network! {
    struct Net<const F: usize, const G: usize> = Input<F> -> Residual[Affine<F, G>] -> Affine<F, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<2, 3, f32>::zeros();
}
