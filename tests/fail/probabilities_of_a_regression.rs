//! This loss defines no probabilities.
//@ probabilities | MeanSquaredError` defines no probabilities | `SigmoidWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<2, 1> -> MeanSquaredError;
}

fn main() {
    let net: Net = Net::default();
    net.probabilities(&SMatrix::<f32, 1, 2>::zeros());
}
