use nalgebra::{Dim, DimName};

use crate::{Batch, Scalar};

/// The mean of `(y - t)²` over all samples and all columns, as PyTorch's `MSELoss`; `NaN` where there are none.
///
/// The loss [`MeanSquaredError`](crate::losses::MeanSquaredError) is the book's, with a half and without a mean over the
/// columns.
///
/// # Panics
///
/// If there are more or fewer targets than samples, which can only be if `N` is `Dyn`; so do the others.
pub fn mean_squared_error<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> f64 {
    mean(y, t, |error| error * error)
}

/// The mean of `|y - t|` over all samples and all columns; `NaN` where there are none.
pub fn mean_absolute_error<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> f64 {
    mean(y, t, f64::abs)
}

/// Which part of the targets' variance is explained: `R² = 1 - Σ (y - t)² / Σ (t - mean t)²`, with a mean for each column.
///
/// 1 is all of it, 0 what the mean of the targets alone would reach, and below 0 is worse than that. Where all targets
/// are the same there is nothing to explain: 1 if they are met, else negative infinity. `NaN` where there are none.
pub fn r_squared<T: Scalar, N: Dim, F: DimName>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> f64 {
    let left = mean_squared_error(y, t) * t.len() as f64;
    let total: f64 = t.column_iter().map(|column| variation(column.iter().map(|t| t.as_f64()))).sum();
    if left == 0.0 { 1.0 } else { 1.0 - left / total }
}

/// The sum of squared distances from the mean.
fn variation(values: impl ExactSizeIterator<Item = f64> + Clone) -> f64 {
    let mean = values.clone().sum::<f64>() / values.len().max(1) as f64;
    values.map(|value| (value - mean).powi(2)).sum()
}

fn mean<T, N, F>(y: &Batch<T, N, F>, t: &Batch<T, N, F>, of: impl Fn(f64) -> f64) -> f64
where
    T: Scalar,
    N: Dim,
    F: DimName,
{
    assert_eq!(t.nrows(), y.nrows(), "as many targets as samples");
    let total: f64 = y.iter().zip(t.iter()).map(|(y, t)| of(y.as_f64() - t.as_f64())).sum();
    total / y.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch_from;
    use nalgebra::{Const, Dyn, SMatrix};

    fn batch(values: [f64; 4]) -> Batch<f64, Const<4>, Const<1>> {
        batch_from(&SMatrix::<f64, 4, 1>::from(values))
    }

    /// The example of scikit-learn's documentation of `r2_score`.
    #[test]
    fn known_numbers() {
        let (t, y) = (batch([3.0, -0.5, 2.0, 7.0]), batch([2.5, 0.0, 2.0, 8.0]));
        assert!((r_squared(&y, &t) - 0.948_608_137_044_967_9).abs() < 1e-15);
        assert_eq!((mean_squared_error(&y, &t), mean_absolute_error(&y, &t)), (0.375, 0.5));
        let means = batch([2.875; 4]);
        assert_eq!(r_squared(&means, &t), 0.0);
        assert_eq!(r_squared(&t, &t), 1.0);
        assert_eq!(r_squared(&t, &means), f64::NEG_INFINITY);
    }

    #[test]
    fn of_nothing_they_are_no_numbers() {
        let nothing: Batch<f64, Dyn, Const<1>> = crate::zeros(Dyn(0), Const);
        assert!(mean_squared_error(&nothing, &nothing).is_nan());
        assert!(mean_absolute_error(&nothing, &nothing).is_nan());
        assert!(r_squared(&nothing, &nothing).is_nan());
    }
}
