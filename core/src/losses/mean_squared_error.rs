#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use nalgebra::Dim;

use crate::losses::distance::sum_of_distances;
use crate::losses::elementwise::{self, ElementwiseLoss};
#[cfg(feature = "alloc")]
use crate::losses::loss::Loss;
#[cfg(feature = "alloc")]
use crate::losses::sample_weighted::WeightedLoss;
use crate::matrix::Batch;
use crate::parameters::embedded;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Half the squared error, averaged over samples, for regression: the book's squared error with identity output.
///
/// ```text
/// forward    L = 1/(2N) · Σ (y - t)²     the sum is over all N rows and all columns
/// backward   dY = (Y - T) / N            (N x F)
/// ```
///
/// For one sample this is the book's `0.5 · Σ (y - t)²`. PyTorch's `MSELoss` is the mean over all elements without the
/// half: this loss times `2 / F`. The sum is computed in `f64`.
#[doc(alias("MSELoss", "MseLoss", "MSE"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

embedded!([] MeanSquaredError = Self);

#[cfg(feature = "alloc")]
impl<F: Shape> Loss<F> for MeanSquaredError {
    type Target<T: Scalar, N: Dim> = Batch<T, N, F>;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Batch<T, N, F>) -> T {
        assert_count(y, target);
        let squares = sum_of_distances(y.data.values(), target.data.values(), |distance| distance * distance);
        T::of(0.5 * squares / count(y))
    }

    fn backward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Batch<T, N, F>, dy: &mut Batch<T, N, F>) -> T {
        let loss = self.forward(y, target);
        let count = T::of(count(y));
        dy.zip_zip_apply(y, target, |dy, y, t| *dy = (y - t) / count);
        loss
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Batch<T, N, F>) -> Batch<U, N, F> {
        Batch::from_matrix(target)
    }
}

#[cfg(feature = "alloc")]
impl<F: Shape> WeightedLoss<F> for MeanSquaredError {
    fn weighted<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, F>,
        t: &Batch<T, N, F>,
        weights: &[f64],
        dy: Option<&mut Batch<T, N, F>>,
    ) -> T {
        let half_squares = HalfSquares(F::DIM as f64 / 2.0);
        elementwise::weighted::<HalfSquares, _, _, _, _>(|_| &half_squares, y, t, weights, dy)
    }
}

/// Squares times half the number of outputs, of which the mean over all outputs is the loss.
#[derive(Clone)]
struct HalfSquares(f64);

impl ElementwiseLoss for HalfSquares {
    #[inline(always)]
    fn value<T: Scalar>(&self, y: T, t: T) -> T {
        T::of(self.0) * (y - t) * (y - t)
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, y: T, t: T) -> T {
        T::of(2.0 * self.0) * (y - t)
    }
}

/// The divisor of a sum over rows.
fn count<T: Scalar, N: Dim, F: Shape>(y: &Batch<T, N, F>) -> f64 {
    y.nrows().max(1) as f64
}

fn assert_count<T: Scalar, N: Dim, F: Shape>(y: &Batch<T, N, F>, target: &Batch<T, N, F>) {
    let (samples, targets) = (y.nrows(), target.nrows());
    assert_eq!(targets, samples, "{targets} targets for a batch of {samples} samples");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::tests::{assert_mean, check_gradient, check_mean};
    use nalgebra::{Const, Dyn, SMatrix};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    #[test]
    fn gradients_agree_with_differences() {
        let target: Batch<f64, Const<2>, Const<3>> =
            Batch::from_matrix(&SMatrix::<f64, 2, 3>::new(1.0, 2.0, -3.0, 0.0, 0.5, 1.0));
        check_gradient(&MeanSquaredError, &target, Const::<2>);
        let mut target = Batch::<f64, _, _>::zeros(Dyn(5), Const::<1>);
        target.fill(0.5);
        check_gradient(&MeanSquaredError, &target, Dyn(5));
    }

    /// The book's example of section 4.2.1: output 0.6 for the correct one of ten digits.
    #[test]
    fn the_books_number() {
        let y = SMatrix::<f64, 1, 10>::from_row_slice(&[0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0]);
        let mut t = SMatrix::<f64, 1, 10>::zeros();
        t[2] = 1.0;
        let loss = MeanSquaredError.forward::<f64, _>(&Batch::from_matrix(&y), &Batch::from_matrix(&t));
        assert!((loss - 0.0975).abs() < 1e-15);
    }

    #[test]
    #[cfg_attr(miri, ignore = "too slow under Miri")]
    fn sums_of_many_samples_keep_their_digits() {
        fn check<F: Shape>(samples: usize) {
            let (mut y, target): (Batch<f32, _, F>, _) =
                (Batch::zeros(Dyn(samples), F::name()), Batch::zeros(Dyn(samples), F::name()));
            y.fill(1.0);
            assert_mean(&MeanSquaredError, &y, &target, 0.5 * F::DIM as f64);
        }
        check::<Const<1>>(1 << 25);
        check::<Const<4096>>(1 << 13);
        let (mut y, mut target): (Batch<f32, _, Const<2>>, _) =
            (Batch::zeros(Dyn(500_000), Const), Batch::zeros(Dyn(500_000), Const));
        let mut rng = StdRng::seed_from_u64(1);
        y.apply(|y| *y = rng.random_range(-3.0..3.0));
        target.apply(|t| *t = rng.random_range(-1.0..1.0));
        check_mean(&MeanSquaredError, &y, &target);
    }
}
