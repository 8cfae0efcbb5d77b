//! The targets of this loss are numbers.
//@ labels | expected `&Batch
use typenet::prelude::*;

network! { pub struct Net = Affine<2, 2> -> SigmoidWithLoss; }

fn main() {
    let labels: Labels<Const<1>, Const<2>> = Labels::zeros(Const);
    Net::<f32>::default().loss(&SMatrix::zeros(), labels);
}
