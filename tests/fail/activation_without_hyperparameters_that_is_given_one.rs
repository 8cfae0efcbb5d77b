//! A hyperparameter for an activation that has none.
//@ Square | `Square` takes no hyperparameters: write it without parentheses
use typenet::prelude::*;

#[activation]
fn square<T: Scalar>(x: T) -> T {
    x * x
}

network! {
    pub struct Net = Affine<784, 50> -> Square(0.5) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
