//! The macro already implements `Default`.
//@ Default | `network!` | `Default`
use typenet::prelude::*;

network! {
    #[derive(Default)]
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
