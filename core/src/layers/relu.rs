use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix, VectorView, VectorViewMut};

use super::{Elementwise, each, each_backward, each_of_one};
use crate::{Batch, Layer, Parameters, Scalar};

/// Keeps what is positive: `y = max(x, 0)`; backward `dx = dy` where `y > 0`, else `0`.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`. At 0 the derivative is 0, as in the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

impl Elementwise for Relu {
    #[inline(always)]
    fn value<T: Scalar>(x: T) -> T {
        // So that what is not a number stays visible.
        if x <= T::zero() { T::zero() } else { x }
    }

    #[inline(always)]
    fn slope<T: Scalar>(y: T) -> T {
        if y > T::zero() { T::one() } else { T::zero() }
    }
}

impl<T: Scalar> Parameters<T> for Relu {}

impl<T: Scalar, F: DimName> Layer<T, F> for Relu {
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
        crate::layer::tests::check_gradients::<Const<1>, _>(&Relu, &Relu);
        crate::layer::tests::check_gradients::<Const<7>, _>(&Relu, &Relu);
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        let mut y = crate::zeros(Const::<1>, Const::<1>);
        Relu.forward(&SMatrix::<f32, 1, 1>::new(f32::NAN), &mut y, &mut ());
        assert!(y[0].is_nan());
    }

    /// The mask of the chapter's section on the Relu layer: what is not positive gives nothing and gets nothing.
    #[test]
    fn masks_what_is_not_positive_as_in_the_book() {
        let x = SMatrix::<f64, 2, 2>::new(1.0, -0.5, -2.0, 3.0);
        let (mut y, mut dx) = (crate::zeros(Const, Const), crate::zeros(Const, Const));
        Relu.forward(&x, &mut y, &mut ());
        assert_eq!(y, SMatrix::<f64, 2, 2>::new(1.0, 0.0, 0.0, 3.0));
        let dy = crate::batch_from(&SMatrix::<f64, 2, 2>::new(5.0, 6.0, 7.0, 8.0));
        Relu.backward(&x, &y, &dy, &mut dx, &mut ());
        assert_eq!(dx, SMatrix::<f64, 2, 2>::new(5.0, 0.0, 0.0, 8.0));
    }
}
