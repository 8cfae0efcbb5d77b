//! Networks inside functions, and two of one name in different scopes.
use typenet::prelude::*;

fn small() -> usize {
    network! { struct Net = Affine<2, 3> -> Relu -> Affine<3, 2> -> SoftmaxWithLoss; }
    Net::<f32>::default().parameter_count()
}

fn large() -> usize {
    const WIDTH: usize = 20;
    network! { struct Net = Affine<2, WIDTH> -> Relu -> Affine<WIDTH, 2> -> SoftmaxWithLoss }
    Net::<f32>::default().parameter_count()
}

fn main() {
    assert_eq!((small(), large()), (17, 102));
}
