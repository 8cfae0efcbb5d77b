//! Types that are not a layer and not a loss. The code that uses the network has no further errors.
//@ Maximum | `Maximum` | `Affine<4, 3>` | `typenet::Layer<T, Const<3>>` | 3 features
//@ Hinge | `Hinge` | `SoftmaxWithLoss` | `MeanSquaredError` | `typenet::Loss` | 2 features
use typenet::prelude::*;

#[derive(Default)]
struct Maximum;

#[derive(Default)]
struct Hinge;

network! {
    pub struct Net = Affine<4, 3> -> Maximum -> Affine<3, 2> -> Hinge;
}

fn main() {
    let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
    println!("{}", net.predict(&SMatrix::<f32, 5, 4>::zeros()));
}
