//! A layer of the user's own does not declare its parameters.
//@ network! { pub struct Net = Affine<4, 2> -> Copied -> SoftmaxWithLoss; } | `copied1` does not declare its own
use typenet::prelude::*;

#[derive(Clone, Default)]
pub struct Copied;

impl<T: Scalar> Parameters<T> for Copied {}

impl<T: Scalar, F: Shape> Infer<T, F> for Copied {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.copy_from_slice(x);
    }
}

impl<T: Scalar, F: Shape> Layer<T, F> for Copied {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        _: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        (): &mut (),
    ) {
        if let Some(dx) = dx {
            dx.copy_from(dy);
        }
    }
}

network! { pub struct Net = Affine<4, 2> -> Copied -> SoftmaxWithLoss; }

static PARAMETERS: usize = Net::<f32>::PARAMETERS;

fn main() {}
