//! A hyperparameter of another type than the scalar.
//@ usize | expected `T`, found `usize`
use typenet::prelude::*;

#[activation]
fn power<T: Scalar>(x: T, n: usize) -> T {
    x.powi(n)
}

network! {
    pub struct Net = Affine<784, 50> -> Power(3) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {
    println!("{:?} {}", Power::new(2), power(1.0, 2));
}
