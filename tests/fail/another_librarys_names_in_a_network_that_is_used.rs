//! PyTorch's names for the first layer and the loss. The code that uses the network has no further error.
//@ Linear | cannot find type `Linear` | `Affine` has a name defined in the doc alias attribute as `Linear`
//@ CrossEntropyLoss | `SoftmaxWithLoss` has a name defined in the doc alias attribute as `CrossEntropyLoss`
use typenet::prelude::*;

network! {
    pub struct Net = Linear<4, 3> -> Relu -> Affine<3, 2> -> CrossEntropyLoss;
}

fn main() {
    let net: Net<f64> = Net::default();
    println!("{}", net.predict(&SMatrix::<f64, 5, 4>::zeros()));
}
