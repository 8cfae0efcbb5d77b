//! Without the macro: the second layer takes 60 features, but its input has 50.
//@ &hidden | expected `&Matrix<f32, Const<8>, Const<60>, _>` | found `&Batch<f32, Const<8>, Const<50>>`
use typenet::prelude::*;

fn main() {
    let (first, second) = (Affine::<784, 50>::default(), Affine::<60, 10>::default());
    let x = Batch::zeros(Const::<8>, Const::<784>);
    let mut hidden = Batch::zeros(Const::<8>, Const::<50>);
    let mut y = Batch::zeros(Const::<8>, Const::<10>);
    first.forward(&x, &mut hidden, &mut (), Mode::Infer);
    second.forward(&hidden, &mut y, &mut (), Mode::Infer);
}
