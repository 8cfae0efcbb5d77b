//! A residual that ends in a layer whose width only the compiler knows.
//@ Softsign | outputs 3 features, but takes 4
use typenet::prelude::*;

#[activation]
pub fn softsign<T: Scalar>(x: T) -> T {
    x / (T::one() + x.abs())
}

network! {
    struct Net = Affine<2, 4> -> Residual[Affine<4, 3> -> Softsign] -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
