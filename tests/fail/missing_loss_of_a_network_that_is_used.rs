//! The loss is missing. The code that uses the network has no further error.
//@ Affine<3, 2> | `Net` | `Affine<3, 2>` | `-> SoftmaxWithLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<4, 3> -> Relu -> Affine<3, 2>;
}

fn main() {
    let net: Net<f64> = Net::default();
    let x = SMatrix::<f64, 5, 4>::zeros();
    println!("{}", net.loss(&x, &Labels::zeros(Const::<5>)));
}
