//! `_` after a layer whose width depends on a const parameter.
//@ _ | write the size
use typenet::prelude::*;

#[activation]
pub fn softsign<T: Scalar>(x: T) -> T {
    x / (T::one() + x.abs())
}

network! {
    block Bend<const F: usize> = Input<F> -> Softsign -> Affine<_, 4>;
    struct Net = Affine<2, 4> -> Bend<4> -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
