use nalgebra::{Dim, DimName};

use crate::losses::sum_of_distances;
use crate::matrix::Batch;
use crate::scalar::Scalar;

/// The mean of `(y - t)²` over all samples and columns; NaN if there are none.
///
/// This is PyTorch's `MSELoss`. The loss [`MeanSquaredError`](crate::losses::MeanSquaredError) follows the book: it
/// takes half of the sum over the columns.
///
/// # Panics
///
/// Panics if the numbers of samples and targets differ, which is only possible if `N` is `Dyn`.
pub fn mean_squared_error<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> f64 {
    mean(y, t, |error| error * error)
}

/// The mean of `|y - t|` over all samples and columns; NaN if there are none.
///
/// # Panics
///
/// Panics if the numbers of samples and targets differ, which is only possible if `N` is `Dyn`.
pub fn mean_absolute_error<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> f64 {
    mean(y, t, f64::abs)
}

/// The coefficient of determination, `R² = 1 - Σ (y - t)² / Σ (t - mean t)²`, with a mean for each column.
///
/// 1 is perfect, 0 is as good as predicting the mean of the targets, and negative values are worse. If the targets of
/// each column are constant, the result is 1 if the outputs equal them, else negative infinity. NaN if there are none.
///
/// # Panics
///
/// Panics if the numbers of samples and targets differ, which is only possible if `N` is `Dyn`.
pub fn r_squared<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> f64 {
    let left = mean_squared_error(y, t) * t.len() as f64;
    let total: f64 = t.column_iter().map(|column| variation(column.iter().map(|t| t.as_f64()))).sum();
    if left == 0.0 { 1.0 } else { 1.0 - left / total }
}

/// The sum of squared distances from the mean.
fn variation(values: impl ExactSizeIterator<Item = f64> + Clone) -> f64 {
    // Distances from the first value keep the mean of a constant exact.
    let Some(first) = values.clone().next() else { return 0.0 };
    let mean = first + values.clone().map(|value| value - first).sum::<f64>() / values.len() as f64;
    values.map(|value| (value - mean).powi(2)).sum()
}

fn mean<T, N, F>(y: &Batch<T, N, F>, t: &Batch<T, N, F>, of: impl Fn(f64) -> f64) -> f64
where
    T: Scalar,
    N: Dim,
    F: DimName,
{
    assert_eq!(t.nrows(), y.nrows(), "the numbers of targets and samples differ");
    sum_of_distances(y.data.values(), t.data.values(), of) / y.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::Batch;
    use nalgebra::{Const, Dyn, SMatrix};

    fn batch(values: [f64; 4]) -> Batch<f64, Const<4>, Const<1>> {
        Batch::from_matrix(&SMatrix::<f64, 4, 1>::from(values))
    }

    /// The example in scikit-learn's documentation of `r2_score`.
    #[test]
    fn known_values() {
        let (t, y) = (batch([3.0, -0.5, 2.0, 7.0]), batch([2.5, 0.0, 2.0, 8.0]));
        assert!((r_squared(&y, &t) - 0.948_608_137_044_967_9).abs() < 1e-15);
        assert_eq!((mean_squared_error(&y, &t), mean_absolute_error(&y, &t)), (0.375, 0.5));
        let means = batch([2.875; 4]);
        assert_eq!(r_squared(&means, &t), 0.0);
        assert_eq!(r_squared(&t, &t), 1.0);
        assert_eq!(r_squared(&t, &means), f64::NEG_INFINITY);
    }

    #[test]
    fn without_samples_they_are_nan() {
        let nothing: Batch<f64, Dyn, Const<1>> = Batch::zeros(Dyn(0), Const);
        assert!(mean_squared_error(&nothing, &nothing).is_nan());
        assert!(mean_absolute_error(&nothing, &nothing).is_nan());
        assert!(r_squared(&nothing, &nothing).is_nan());
    }

    #[test]
    fn a_constant_target_gives_one_or_negative_infinity() {
        for constant in [0.1, -0.7, 1e9 + 0.1, 1e-300, 0.0] {
            for samples in [1, 3, 10, 1000] {
                let (mut y, mut t): (Batch<f64, _, Const<1>>, _) =
                    (Batch::zeros(Dyn(samples), Const), Batch::zeros(Dyn(samples), Const));
                t.fill(constant);
                y.fill(constant + 0.5);
                assert_eq!(r_squared(&y, &t), f64::NEG_INFINITY, "{samples} times {constant}");
                assert_eq!(r_squared(&t, &t), 1.0, "{samples} times {constant}");
            }
        }
        // Also in single precision, with another constant in each column.
        let t: Batch<f32, Const<3>, Const<2>> =
            Batch::from_matrix(&SMatrix::<f32, 3, 2>::new(0.1, 0.7, 0.1, 0.7, 0.1, 0.7));
        assert_eq!(r_squared(&Batch::from_matrix(&t.map(|t| t + 0.5)), &t), f64::NEG_INFINITY);
    }

    /// Here the variance is 5/4 of the step's square.
    #[test]
    fn a_variance_far_from_zero_is_accurate() {
        for step in [1.0, 2.0_f64.powi(-20)] {
            let t = batch([1e9, 1e9 + step, 1e9 + 2.0 * step, 1e9 + 3.0 * step]);
            let y = batch([t[0], t[1], t[2], t[3] + step]);
            assert!((r_squared(&y, &t) - 0.8).abs() < 1e-12, "{}", r_squared(&y, &t));
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "it takes too long")]
    fn sums_of_many_samples_are_accurate() {
        let samples = 1 << 25;
        let (mut y, mut t): (Batch<f32, _, Const<1>>, _) =
            (Batch::zeros(Dyn(samples), Const), Batch::zeros(Dyn(samples), Const));
        y.fill(0.5);
        t.iter_mut().step_by(2).for_each(|t| *t = 1.0);
        assert_eq!((mean_squared_error(&y, &t), mean_absolute_error(&y, &t), r_squared(&y, &t)), (0.25, 0.5, 0.0));
    }
}
