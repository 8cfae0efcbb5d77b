//! Networks at the beginning, in the middle and at the end of another one.
//@ Inner | `Inner` is a network | write its layers here instead
//@ Inner | `parts::Inner` is a network
//@ Inner | `Inner` is a network
use typenet::prelude::*;

network! {
    pub struct Inner = Affine<784, 10> -> SoftmaxWithLoss;
    pub struct Beginning = Inner -> Affine<10, 10> -> SoftmaxWithLoss;
    pub struct Middle = Affine<10, 784> -> parts::Inner -> Affine<10, 10> -> SoftmaxWithLoss;
    pub struct End = Affine<10, 784> -> Inner;
}

mod parts {
    pub use super::Inner;
}

fn main() {}
