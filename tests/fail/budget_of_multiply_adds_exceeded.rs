//! A network computes more than its budget.
//@ "5 k" | `Net` has 9264 multiply-adds | budget is 5000 | `conv2d1` 9216, `affine1` 48
use typenet::prelude::*;

network! {
    #[budget(multiply_adds = "5 k")]
    pub struct Net = Input<1, 18, 18> -> Conv2d<1, 4, 3> -> Relu -> GlobalAveragePool -> Affine<4, 12> -> SoftmaxWithLoss;
}

fn main() {}
