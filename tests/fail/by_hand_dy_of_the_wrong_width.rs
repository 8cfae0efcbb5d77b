//! Without the macro: the gradient of a layer with 50 outputs has 10 columns.
//@ &dy | expected `50` | found `10`
use typenet::prelude::*;

fn main() {
    let affine = Affine::<784, 50>::default();
    let x = Batch::zeros(Const::<8>, Const::<784>);
    let mut y = Batch::zeros(Const::<8>, Const::<50>);
    affine.forward(&x, &mut y, &mut (), Mode::Infer);

    let dy = Batch::<f32, _, _>::zeros(Const::<8>, Const::<10>);
    let mut dx = Batch::zeros(Const::<8>, Const::<784>);
    affine.backward(&x, &y, &dy, Some(&mut dx), &mut ());
}
