#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use crate::elementwise_loss;
use crate::losses::elementwise::ElementwiseLoss;
use crate::parameters::embedded;
use crate::scalar::Scalar;

/// The mean absolute error, for regression: PyTorch's `L1Loss`.
///
/// ```text
/// forward    L = mean of |y - t|              over all N rows and F columns
/// backward   dY = sign of (Y - T) / (N · F)   (N x F), 0 where they are equal
/// ```
///
/// Its minimum for a constant output is the median of the targets, that of
/// [`MeanSquaredError`](super::MeanSquaredError) their mean.
#[doc(alias("L1Loss", "MAE"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanAbsoluteError;

embedded!([] MeanAbsoluteError = Self);

impl ElementwiseLoss for MeanAbsoluteError {
    #[inline(always)]
    fn value<T: Scalar>(&self, y: T, t: T) -> T {
        (y - t).abs()
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, y: T, t: T) -> T {
        let error = y - t;
        if error > T::zero() {
            T::one()
        } else if error < T::zero() {
            -T::one()
        } else {
            error // 0 or NaN
        }
    }
}

elementwise_loss!(MeanAbsoluteError);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::loss::Loss;
    use crate::losses::tests::check_gradient;
    use crate::matrix::Batch;
    use nalgebra::{Const, Dyn};

    #[test]
    fn gradients_agree_with_differences() {
        let target = Batch::from([[1.0, 2.0, -3.0], [0.0, 0.5, 1.0]]);
        check_gradient::<Const<3>, _, _>(&MeanAbsoluteError, &target, Const::<2>);
        check_gradient(&MeanAbsoluteError, &Batch::filled(Dyn(20), Const::<2>, 0.5), Dyn(20));
    }

    #[test]
    fn the_slope_is_a_sign() {
        let y = Batch::from([[0.5, -1e30, 0.0, f32::NAN]]);
        let (t, mut dy) = (Batch::zeros(Const, Const), y.clone());
        let _: f32 = MeanAbsoluteError.backward(&y, &t, &mut dy);
        assert_eq!(dy.as_slice()[..3], [0.25, -0.25, 0.0]);
        assert!(dy[3].is_nan());
    }
}
