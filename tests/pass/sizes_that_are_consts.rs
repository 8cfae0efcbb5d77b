//! Sizes as consts, paths, expressions, and the same number written in two ways.
use typenet::prelude::*;

mod sizes {
    pub const SIDE: usize = 4;
    pub const HIDDEN: usize = 3;
}

use sizes::HIDDEN;

network! {
    struct Net = Affine<{ sizes::SIDE * sizes::SIDE }, HIDDEN> -> Tanh -> Affine<3, 0x2> -> Sigmoid
        -> Affine<2, { HIDDEN + 1 }> -> Relu -> Affine<4, 2_usize> -> MeanSquaredError;
}

fn main() -> Result<(), Error> {
    let net: Net<f64> = Net::random(Xavier, &mut StdRng::seed_from_u64(1));
    let x = SMatrix::<f64, 3, 16>::from_fn(|i, j| (i as f64 - j as f64 / 5.0).sin());
    net.gradient_check(&x, &Batch::zeros(Const, Const))?;
    Ok(())
}
