//! The size of a network with a budget differs from use to use.
//@ budget | a network with `const` parameters has no budget
use typenet::prelude::*;

network! {
    #[budget(parameters = 50)]
    pub struct Net<const HIDDEN: usize> = Affine<4, HIDDEN> -> Relu -> Affine<HIDDEN, 2> -> SoftmaxWithLoss;
}

fn main() {}
