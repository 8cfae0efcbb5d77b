//! The library under another name, without a warning.
#![deny(warnings)]

use typenet as networks;

use networks::prelude::*;

mod inner {
    pub use typenet::*;
}

network! {
    #[typenet(crate = crate::inner)]
    struct Net = Affine<2, 3> -> Relu -> Affine<3, 2> -> SoftmaxWithLoss;
}

#[activation(crate = networks)]
fn square<T: Scalar>(x: T) -> T {
    x * x
}

#[differentiable(crate = crate::inner)]
fn cube(x: f64) -> f64 {
    x * square(x)
}

network! {
    #[typenet(crate = crate::inner)]
    struct Squares = Affine<2, 3> -> self::Square -> Elu(0.5) -> Affine<3, 2> -> SoftmaxWithLoss;
}

fn main() {
    assert_eq!(cube::forward(2.0).backward(1.0).x, 12.0);
    assert_eq!(Squares::<f32>::default().elu1.alpha, 0.5);
    assert_eq!(Net::<f32>::default().parameter_count(), 17);
}
