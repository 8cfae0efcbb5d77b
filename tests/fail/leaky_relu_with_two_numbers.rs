//! `LeakyRelu` takes one hyperparameter.
//@ LeakyRelu | takes 1 argument but 2 arguments were supplied
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 50> -> LeakyRelu(0.1, 0.2) -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
