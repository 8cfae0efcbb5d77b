use nalgebra::{Dim, DimName};

use crate::{Batch, Loss, Scalar, batch_from};

/// The squared distance from a target, for regression: the book's identity output with its squared error.
///
/// ```text
/// forward    L = 1/(2N) · Σ (y - t)²     the sum over all N rows and all columns
/// backward   dY = (Y - T) / N            (N x F)
/// ```
///
/// The mean is over the samples, of half the squared distance of each: the book's `0.5 · Σ (y - t)²` for
/// one sample, and the same `(Y - T) / N` as [`SoftmaxWithLoss`](super::SoftmaxWithLoss) gives. PyTorch's
/// `MSELoss` is the mean over all elements and has no half: it is this one times `2 / F`.
#[doc(alias("MSELoss", "MseLoss", "MSE"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

impl<F: DimName> Loss<F> for MeanSquaredError {
    type Target<T: Scalar, N: Dim> = Batch<T, N, F>;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Batch<T, N, F>) -> T {
        assert_count(y, target);
        let total = y.iter().zip(target).fold(T::zero(), |total, (&y, &t)| total + (y - t) * (y - t));
        total / (T::of(2.0) * count(y))
    }

    fn backward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Batch<T, N, F>, dy: &mut Batch<T, N, F>) -> T {
        let loss = self.forward(y, target);
        let count = count(y);
        dy.zip_zip_apply(y, target, |dy, y, t| *dy = (y - t) / count);
        loss
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Batch<T, N, F>) -> Batch<U, N, F> {
        batch_from(target)
    }
}

/// What a sum over the rows is divided by.
fn count<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>) -> T {
    T::of(y.nrows().max(1) as f64)
}

fn assert_count<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>, target: &Batch<T, N, F>) {
    let (samples, targets) = (y.nrows(), target.nrows());
    assert_eq!(targets, samples, "{targets} targets for a batch of {samples} samples");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::tests::check_gradient;
    use nalgebra::{Const, Dyn, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        let target: Batch<f64, Const<2>, Const<3>> =
            batch_from(&SMatrix::<f64, 2, 3>::new(1.0, 2.0, -3.0, 0.0, 0.5, 1.0));
        check_gradient(&MeanSquaredError, &target, Const::<2>);
        let mut target = crate::zeros::<f64, _, _>(Dyn(5), Const::<1>);
        target.fill(0.5);
        check_gradient(&MeanSquaredError, &target, Dyn(5));
    }

    /// The book's example of section 4.2.1: a network that is 0.6 sure of the right one of ten digits.
    #[test]
    fn the_books_number() {
        let y = SMatrix::<f64, 1, 10>::from_row_slice(&[0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0]);
        let mut t = SMatrix::<f64, 1, 10>::zeros();
        t[2] = 1.0;
        let loss = MeanSquaredError.forward::<f64, _>(&batch_from(&y), &batch_from(&t));
        assert!((loss - 0.0975).abs() < 1e-15);
    }
}
