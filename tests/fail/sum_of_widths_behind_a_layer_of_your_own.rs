//! Branches whose widths only the compiler knows.
//@ Softsign | this branch outputs 5 features, but the first branch outputs 6
use typenet::prelude::*;

#[activation]
pub fn softsign<T: Scalar>(x: T) -> T {
    x / (T::one() + x.abs())
}

network! {
    struct Net = Affine<2, 4> -> Sum[Affine<4, 6> -> Softsign | Affine<4, 5> -> Softsign] -> Affine<6, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
