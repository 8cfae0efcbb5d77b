//! Without the macro: the gradient of a 784 x 50 layer is not 50 x 784.
//@ &mut gradient | expected `784` | found `50`
use typenet::prelude::*;

fn main() {
    let x = Batch::zeros(Const::<8>, Const::<784>);
    let dy = Batch::zeros(Const::<8>, Const::<50>);
    let mut gradient = Affine::<50, 784, f32>::default();
    Affine::<784, 50, f32>::add_gradient(&x, &dy, &(), 1.0, &mut gradient);
}
