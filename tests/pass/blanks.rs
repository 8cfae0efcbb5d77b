//! `_` is the input width that the chain knows.
use typenet::prelude::*;

const HIDDEN: usize = 7;

network! {
    struct Literal = Affine<5, 8> -> Relu -> BatchNorm<_> -> Affine<_, 3> -> SoftmaxWithLoss;
    struct Named = Input<5> -> Affine<_, HIDDEN> -> LayerNorm<_> -> Affine<_, { 1 + 2 }> -> Tanh -> Affine<_, 3> -> SoftmaxWithLoss;
    struct Own<const F: usize> = Affine<5, F> -> Tanh -> Affine<_, 3> -> SoftmaxWithLoss;
}

fn main() {
    assert_eq!(Literal::<f32>::zeros().parameter_count(), 6 * 8 + 2 * 8 + 9 * 3);
    assert_eq!(Named::<f32>::zeros().parameter_count(), 6 * 7 + 2 * 7 + 8 * 3 + 4 * 3);
    assert_eq!(Own::<4, f32>::zeros().parameter_count(), 6 * 4 + 5 * 3);
}
