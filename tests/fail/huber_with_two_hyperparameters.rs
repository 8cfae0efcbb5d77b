//! `Huber` takes one hyperparameter.
//@ ( | one hyperparameter | `Huber(delta = 1.0)`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> Huber(1.0, 2.0);
}

fn main() {}
