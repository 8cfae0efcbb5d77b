//! A network is generic over its scalar already.
//@ S | `T` | `const HIDDEN: usize`
use typenet::prelude::*;

network! {
    pub struct Net<S> = Affine<784, 10> -> SoftmaxWithLoss;
}

fn main() {}
