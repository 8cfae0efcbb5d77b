//! The layer takes only 50 features.
//@ Half | `Half` | `Affine<784, 60>` | `typenet::Layer<T, Const<60>>` | 60 features
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
    pub struct Net = Affine<784, 60> -> Half -> Affine<25, 10> -> SoftmaxWithLoss;
}

fn main() {}
