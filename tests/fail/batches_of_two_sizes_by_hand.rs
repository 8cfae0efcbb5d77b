//! Without the macro: an output for 8 samples, but 4 samples as input.
//@ &mut y | expected `4` | found `8`
use typenet::prelude::*;

fn main() {
    let affine = Affine::<784, 50>::default();
    let x = Batch::zeros(Const::<4>, Const::<784>);
    let mut y = Batch::zeros(Const::<8>, Const::<50>);
    affine.forward(&x, &mut y, &mut (), Mode::Infer);
}
