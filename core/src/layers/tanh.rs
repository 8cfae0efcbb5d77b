use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix, VectorView, VectorViewMut};

use super::{Elementwise, each, each_backward, each_of_one};
use crate::{Batch, Layer, Parameters, Scalar};

/// Squeezes numbers between -1 and 1: `y = tanh(x)`; backward `dx = dy · (1 - y²)`.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

impl Elementwise for Tanh {
    #[inline(always)]
    fn value<T: Scalar>(x: T) -> T {
        // tanh |x| = (1 - e) / (1 + e) with e = exp(-2 |x|), in terms of e - 1, which is exact for small x.
        let less_one = (T::of(-2.0) * x.abs()).quick_exp_m1();
        (-less_one / (less_one + T::of(2.0))).copysign(x)
    }

    #[inline(always)]
    fn slope<T: Scalar>(y: T) -> T {
        T::one() - y * y
    }
}

impl<T: Scalar> Parameters<T> for Tanh {}

impl<T: Scalar, F: DimName> Layer<T, F> for Tanh {
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
        crate::layer::tests::check_gradients::<Const<1>, _>(&Tanh, &Tanh);
        crate::layer::tests::check_gradients::<Const<7>, _>(&Tanh, &Tanh);
    }

    #[test]
    fn far_ends_are_finite() {
        let x = SMatrix::<f32, 1, 3>::new(-1000.0, 0.0, 1000.0);
        let mut y = crate::zeros(Const, Const);
        Tanh.forward(&x, &mut y, &mut ());
        assert_eq!(y, SMatrix::<f32, 1, 3>::new(-1.0, 0.0, 1.0));
    }
}
