//! A network owns its weights.
//@ 'a | `const HIDDEN: usize`
use typenet::prelude::*;

network! {
    pub struct Net<'a> = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
