//! A layer of the user's halves the width, but the next layer takes the full width.
//@ 50 | `Affine<50, 10>` | `Half` | 50 features | outputs 25
use typenet::nalgebra::{Const, Dim, Matrix, RawStorage};
use typenet::{Batch, Parameters, prelude::*};

#[derive(Clone, Default)]
struct Half;

impl<T: Scalar> Parameters<T> for Half {}

impl<T: Scalar> Infer<T, Const<50>> for Half {
    type Out = Const<25>;

    fn infer_into(&self, _: &[T], _: &mut [T], _: &mut [T]) {}
}

impl<T: Scalar> Layer<T, Const<50>> for Half {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, Const<50>>>(
        &self,
        _: &Matrix<T, N, Const<50>, S>,
        _: &Batch<T, N, Const<25>>,
        _: &Batch<T, N, Const<25>>,
        _: Option<&mut Batch<T, N, Const<50>>>,
        _: &mut (),
    ) {
    }
}

network! {
    pub struct Net = Affine<784, 50> -> Half -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() {}
