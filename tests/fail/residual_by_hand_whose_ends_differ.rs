//! A residual by hand whose inner layer changes the width.
//@ Residual::new(Affine::<4, 3>::default()) | type mismatch
use typenet::prelude::*;

fn run(layer: impl Infer<f32, Const<4>>) {
    layer.infer_into(&[0.0; 4], &mut [0.0; 4], &mut []);
}

fn main() {
    run(Residual::new(Affine::<4, 3>::default()));
}
