//! A 2 x 3 matrix times a 2 x 4 one.
//@ &b | expected `3` | found `2`
use typenet::prelude::*;
use typenet::product::product;

fn main() {
    let (a, b) = (SMatrix::<f32, 2, 3>::zeros(), SMatrix::<f32, 2, 4>::zeros());
    product(1.0, &a, &b, 0.0, &mut SMatrix::<f32, 2, 4>::zeros());
}
