//! A concatenation whose width depends on a const parameter.
//@ F | stable Rust cannot add const parameters
use typenet::prelude::*;

network! {
    struct Net<const F: usize> = Affine<2, F> -> Concat[Affine<F, F> | Affine<F, 3>] -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<4, f32>::zeros();
}
