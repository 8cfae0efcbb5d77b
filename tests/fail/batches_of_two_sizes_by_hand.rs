//! Without the macro: the output is for 8 samples, the input has 4.
//@ &mut y | expected `4` | found `8`
use typenet::prelude::*;

fn main() {
    let affine = Affine::<784, 50>::default();
    let x = Batch::zeros(Const::<4>, Const::<784>);
    let mut y = Batch::zeros(Const::<8>, Const::<50>);
    affine.forward(&x, &mut y, &mut (), Mode::Infer);
}
