use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix, VectorView, VectorViewMut};

use super::{Elementwise, each, each_backward, each_of_one};
use crate::{Batch, Layer, Parameters, Scalar};

/// Squeezes numbers between 0 and 1: `y = 1 / (1 + exp(-x))`; backward `dx = dy · y · (1 - y)`.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

impl Elementwise for Sigmoid {
    #[inline(always)]
    fn value<T: Scalar>(x: T) -> T {
        T::one() / (T::one() + (-x).quick_exp())
    }

    #[inline(always)]
    fn slope<T: Scalar>(y: T) -> T {
        y * (T::one() - y)
    }
}

impl<T: Scalar> Parameters<T> for Sigmoid {}

impl<T: Scalar, F: DimName> Layer<T, F> for Sigmoid {
    type Out = F;
    type Memory<N: Dim> = ();

    #[inline]
    fn forward<N: Dim, S: RawStorage<T, N, F>>(&self, x: &Matrix<T, N, F, S>, y: &mut Batch<T, N, F>, (): &mut ()) {
        each::<Self, _, _, _, _>(x, y);
    }

    #[inline]
    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        _: &Matrix<T, N, F, S>,
        y: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: &mut Batch<T, N, F>,
        (): &mut (),
    ) {
        each_backward::<Self, _, _, _>(y, dy, dx);
    }

    #[inline]
    fn infer(&self, x: VectorView<'_, T, F>, y: VectorViewMut<'_, T, F>) {
        each_of_one::<Self, _, _>(&x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Const, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        crate::layer::tests::check_gradients::<Const<1>, _>(&Sigmoid, &Sigmoid);
        crate::layer::tests::check_gradients::<Const<7>, _>(&Sigmoid, &Sigmoid);
    }

    #[test]
    fn far_ends_are_finite() {
        let x = SMatrix::<f32, 1, 3>::new(-1000.0, 0.0, 1000.0);
        let mut y = crate::zeros(Const, Const);
        Sigmoid.forward(&x, &mut y, &mut ());
        assert_eq!(y, SMatrix::<f32, 1, 3>::new(0.0, 0.5, 1.0));
    }
}
