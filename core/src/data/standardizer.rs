use nalgebra::DimName;

use super::Table;
use crate::Scalar;

/// Brings every feature to mean 0 and standard deviation 1: `x' = (x - mean) / deviation`.
///
/// It is fitted on the training part alone, and applied to all parts and to all that a network is asked later: else the
/// test part would have had a say in the training. A feature that is the same in all samples becomes 0.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::data::{Standardizer, Table};
/// use typenet::nalgebra::{Const, Dyn};
/// use typenet::Batch;
///
/// type Numbers = Table<f64, Const<1>, Batch<f64, Dyn, Const<1>>>;
/// let mut train = Numbers::regression(&[10.0, 20.0, 30.0], &[1.0, 2.0, 3.0])?;
/// let standardizer = Standardizer::fit(&train);
/// standardizer.apply(&mut train);
/// assert_eq!(train.samples()[(1, 0)], 0.0);
///
/// let mut question = [40.0_f64];
/// standardizer.apply_to(&mut question);
/// assert!((question[0] - 2.449_489_742_783).abs() < 1e-12);
/// # Ok::<(), typenet::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Standardizer {
    /// Each feature's mean.
    pub means: Vec<f64>,
    /// Each feature's standard deviation, of the samples as a whole population; 1 where all are the same.
    pub deviations: Vec<f64>,
}

impl Standardizer {
    /// Finds means and deviations of a table's features.
    pub fn fit<T: Scalar, F: DimName, Y>(table: &Table<T, F, Y>) -> Self {
        let (means, deviations) = (0..F::DIM).map(|column| moments(table, column)).unzip();
        Self { means, deviations }
    }

    /// Brings all samples of a table to the same scale.
    pub fn apply<T: Scalar, F: DimName, Y>(&self, table: &mut Table<T, F, Y>) {
        table.values_mut().chunks_exact_mut(self.means.len().max(1)).for_each(|sample| self.apply_to(sample));
    }

    /// Brings one sample to the same scale.
    ///
    /// # Panics
    ///
    /// If it has more or fewer features than the table that this was fitted on.
    pub fn apply_to<T: Scalar>(&self, sample: &mut [T]) {
        assert_eq!(sample.len(), self.means.len(), "as many features as the table had");
        for ((value, mean), deviation) in sample.iter_mut().zip(&self.means).zip(&self.deviations) {
            *value = T::of((value.as_f64() - mean) / deviation);
        }
    }
}

/// The mean and the standard deviation of a feature.
fn moments<T: Scalar, F: DimName, Y>(table: &Table<T, F, Y>, column: usize) -> (f64, f64) {
    let samples = table.samples();
    let (values, count) = (samples.column(column), samples.nrows().max(1) as f64);
    let mean = values.iter().map(|value| value.as_f64()).sum::<f64>() / count;
    let variance = values.iter().map(|value| (value.as_f64() - mean).powi(2)).sum::<f64>() / count;
    // What is left of equal numbers by rounding is no deviation.
    let same = variance.sqrt() <= 1e-12 * mean.abs();
    (mean, if same { 1.0 } else { variance.sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Labels;
    use nalgebra::{Const, Dyn};

    #[test]
    fn a_feature_that_never_changes_becomes_zero() {
        let values = [0.1, 1.0, 0.1, 3.0, 0.1, 5.0];
        let mut table: Table<f64, Const<2>, Labels<Dyn, Const<1>>> =
            Table::classification(&values, &[0, 0, 0]).unwrap();
        let standardizer = Standardizer::fit(&table);
        standardizer.apply(&mut table);
        let samples = table.samples();
        assert!(samples.column(0).iter().all(|value| value.abs() < 1e-12));
        assert_eq!(samples[(1, 1)], 0.0);
        assert!((samples[(2, 1)] - 1.5_f64.sqrt()).abs() < 1e-12 && (samples[(0, 1)] + 1.5_f64.sqrt()).abs() < 1e-12);
    }
}
