use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

use super::{each, each_backward};
use crate::{Batch, Layer, Parameters, Scalar};

/// Squeezes numbers between -1 and 1: `y = tanh(x)`; backward `dx = dy · (1 - y²)`.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

impl<T: Scalar> Parameters<T> for Tanh {}

impl<T: Scalar, F: DimName> Layer<T, F> for Tanh {
    type Out = F;
    type Memory<N: Dim> = ();

    #[inline]
    fn forward<N: Dim, S: RawStorage<T, N, F>>(&self, x: &Matrix<T, N, F, S>, y: &mut Batch<T, N, F>, (): &mut ()) {
        each(x, y, T::tanh);
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
        each_backward(y, dy, dx, |y| T::one() - y * y);
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
