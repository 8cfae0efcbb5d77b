//! Without the macro: `backward` of a layer that gives 50 features gets the derivative by 10.
//@ &dy | expected `50` | found `10`
use typenet::{prelude::*, zeros};

fn main() {
    let affine = Affine::<784, 50>::default();
    let x = zeros(Const::<8>, Const::<784>);
    let mut y = zeros(Const::<8>, Const::<50>);
    affine.forward(&x, &mut y, &mut (), Mode::Infer);

    let dy = zeros::<f32, _, _>(Const::<8>, Const::<10>);
    let mut dx = zeros(Const::<8>, Const::<784>);
    affine.backward(&x, &y, &dy, Some(&mut dx), &mut ());
}
