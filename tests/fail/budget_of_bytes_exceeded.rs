//! The parameters and running statistics of a network take more bytes than its budget.
//@ "2 KiB" | `Net` has 2680 bytes of parameters | budget is 2048 | `batch_norm1` 320
use typenet::prelude::*;

network! {
    #[budget(parameters = 1_000, bytes = "2 KiB")]
    pub struct Net = Affine<18, 20> -> BatchNorm<20> -> Relu -> Affine<20, 10> -> SoftmaxWithLoss;
}

fn main() {}
