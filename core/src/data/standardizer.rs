use nalgebra::{Dim, DimName, Dyn};

use crate::data::error::DataError;
use crate::data::table::Table;
use crate::matrix::{Batch, Features};
use crate::scalar::Scalar;

/// Scales every feature, or every target, to mean 0 and standard deviation 1: `x' = (x - mean) / deviation`.
///
/// Fit it on the training data only, so that no test data leak into the training. Apply it to all data and to later
/// inputs of the network. A constant feature becomes 0. The [`inverse`](Self::inverse) of a standardizer of targets gives
/// predictions their original units.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::data::{Standardizer, Table};
/// use typenet::nalgebra::{Const, Dyn};
/// use typenet::Batch;
///
/// type Numbers = Table<f64, Const<1>, Batch<f64, Dyn, Const<1>>>;
/// let mut train = Numbers::regression(&[10.0, 20.0, 30.0], &[1.0, 2.0, 3.0])?;
/// let standardizer = Standardizer::fit(&train)?;
/// standardizer.apply(&mut train)?;
/// assert_eq!(train.samples()[(1, 0)], 0.0);
///
/// let mut sample = [40.0_f64];
/// standardizer.apply_to(&mut sample)?;
/// assert!((sample[0] - 2.449_489_742_783).abs() < 1e-12);
///
/// // The same for targets, and back for predictions.
/// let targets = Standardizer::fit_targets(&train)?;
/// targets.apply_targets(&mut train)?;
/// let mut predictions = Batch::from([[0.0], [1.0_f64]]);
/// targets.inverse(&mut predictions);
/// assert_eq!(predictions[0], 2.0);
/// assert!((predictions[1] - 2.816_496_580_928).abs() < 1e-12);
/// # Ok::<(), typenet::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Standardizer {
    /// Each feature's or target's mean.
    pub means: Vec<f64>,
    /// Each feature's or target's population standard deviation; 1 if it is constant.
    pub deviations: Vec<f64>,
}

impl Standardizer {
    /// Computes the mean and the standard deviation of each feature of a table.
    ///
    /// The algorithm works in `f64`, in two passes over differences from the first sample, scaled by a power of two.
    /// Large values that differ little keep their deviation, and nothing overflows.
    ///
    /// # Errors
    ///
    /// [`DataError::NoSamples`] for an empty table; [`DataError::Deviation`] if a feature varies, but its deviation is
    /// less than the smallest normal `f64`.
    pub fn fit<T: Scalar, F: DimName + Features, Y>(table: &Table<T, F, Y>) -> Result<Self, DataError> {
        if table.samples().nrows() == 0 {
            return Err(DataError::NoSamples { what: "the table to fit a `Standardizer` on" });
        }
        let column =
            |column| table.samples().data.values().iter().skip(column).step_by(F::DIM).map(|value| value.as_f64());
        Self::of("feature", (0..F::DIM).map(column))
    }

    /// Computes the mean and the standard deviation of each target of a table, as [`fit`](Self::fit) does for features.
    ///
    /// # Errors
    ///
    /// Those of [`fit`](Self::fit).
    pub fn fit_targets<T, F, O>(table: &Table<T, F, Batch<T, Dyn, O>>) -> Result<Self, DataError>
    where
        T: Scalar,
        F: DimName,
        O: DimName + Features,
    {
        let count = table.targets().nrows();
        if count == 0 {
            return Err(DataError::NoSamples { what: "the table to fit a `Standardizer` on" });
        }
        let columns = table.targets().data.values().chunks_exact(count);
        Self::of("target", columns.map(|column| column.iter().map(|value| value.as_f64())))
    }

    /// Fits columns of values, each with at least one; `what` names a column in errors.
    fn of<I>(what: &'static str, columns: impl Iterator<Item = I>) -> Result<Self, DataError>
    where
        I: ExactSizeIterator<Item = f64> + Clone,
    {
        let moments: Result<Vec<_>, _> =
            columns.enumerate().map(|(column, values)| moments(what, column, &values)).collect();
        let (means, deviations) = moments?.into_iter().unzip();
        Ok(Self { means, deviations })
    }

    /// Standardizes all samples of a table.
    ///
    /// # Errors
    ///
    /// [`DataError::NotFinite`] names a value that would be infinite in the table's scalar. The table is then
    /// unchanged.
    ///
    /// # Panics
    ///
    /// If the number of features differs from that of the fitted table.
    pub fn apply<T: Scalar, F: DimName + Features, Y>(&self, table: &mut Table<T, F, Y>) -> Result<(), DataError> {
        let width = self.means.len().max(1);
        for (sample, values) in table.values_mut().chunks_exact(width).enumerate() {
            self.check("feature", sample, values)?;
        }
        table.values_mut().chunks_exact_mut(width).for_each(|sample| self.scale(sample));
        Ok(())
    }

    /// Standardizes all targets of a table.
    ///
    /// # Errors
    ///
    /// [`DataError::NotFinite`] names a target that would be infinite in the table's scalar. The table is then unchanged.
    ///
    /// # Panics
    ///
    /// If the number of targets differs from that of the fitted table.
    pub fn apply_targets<T, F, O>(&self, table: &mut Table<T, F, Batch<T, Dyn, O>>) -> Result<(), DataError>
    where
        T: Scalar,
        F: DimName,
        O: DimName + Features,
    {
        let mut scaled = table.targets().clone();
        let mut row = vec![T::zero(); O::DIM];
        for sample in 0..scaled.nrows() {
            row.iter_mut().zip(scaled.row(sample).iter()).for_each(|(to, value)| *to = *value);
            self.check("target", sample, &row)?;
            self.scale(&mut row);
            scaled.row_mut(sample).copy_from_slice(&row);
        }
        *table.targets_mut() = scaled;
        Ok(())
    }

    /// Reverses the scaling: `x = x' · deviation + mean`, for predictions of standardized targets.
    ///
    /// # Panics
    ///
    /// If the number of columns differs from that of the fitted table.
    pub fn inverse<T: Scalar, N: Dim, O: DimName>(&self, predictions: &mut Batch<T, N, O>) {
        self.assert_width(O::DIM);
        for (mut column, moments) in predictions.column_iter_mut().zip(self.means.iter().zip(&self.deviations)) {
            column.apply(|value| *value = original(*value, moments));
        }
    }

    /// [`inverse`](Self::inverse) for one sample, such as the output of [`infer`](crate::Network::infer).
    ///
    /// # Panics
    ///
    /// If the number of values differs from that of the fitted table.
    pub fn inverse_to<T: Scalar>(&self, sample: &mut [T]) {
        self.assert_width(sample.len());
        for (value, moments) in sample.iter_mut().zip(self.means.iter().zip(&self.deviations)) {
            *value = original(*value, moments);
        }
    }

    fn assert_width(&self, found: usize) {
        let width = self.means.len();
        assert_eq!(found, width, "the number of features or targets must equal that of the fitted table");
    }

    /// Standardizes one sample.
    ///
    /// # Errors
    ///
    /// [`DataError::NotFinite`] names a feature that is not finite, or would be infinite in the scalar. The sample is
    /// then unchanged.
    ///
    /// # Panics
    ///
    /// If the number of features differs from that of the fitted table.
    pub fn apply_to<T: Scalar>(&self, sample: &mut [T]) -> Result<(), DataError> {
        self.check("feature", 0, sample)?;
        self.scale(sample);
        Ok(())
    }

    fn scale<T: Scalar>(&self, sample: &mut [T]) {
        for (column, value) in sample.iter_mut().enumerate() {
            *value = T::of(self.scaled(column, *value));
        }
    }

    fn scaled<T: Scalar>(&self, column: usize, value: T) -> f64 {
        let (value, mean, deviation) = (value.as_f64(), self.means[column], self.deviations[column]);
        let difference = value - mean;
        // The difference of the halves does not overflow.
        if difference.is_finite() { difference / deviation } else { (value / 2.0 - mean / 2.0) / (deviation / 2.0) }
    }

    /// Checks that all values of a sample remain finite; `what` names a value in errors.
    fn check<T: Scalar>(&self, what: &'static str, sample: usize, values: &[T]) -> Result<(), DataError> {
        self.assert_width(values.len());
        for (column, &value) in values.iter().enumerate() {
            let scaled = T::of(self.scaled(column, value));
            if !scaled.is_finite() {
                return Err(DataError::NotFinite { what, sample, column, value: scaled.as_f64() });
            }
        }
        Ok(())
    }
}

/// The value before it was scaled.
fn original<T: Scalar>(scaled: T, (mean, deviation): (&f64, &f64)) -> T {
    T::of(scaled.as_f64() * deviation + mean)
}

/// The mean and the standard deviation of a column of at least one value.
fn moments(
    what: &'static str,
    column: usize,
    values: &(impl ExactSizeIterator<Item = f64> + Clone),
) -> Result<(f64, f64), DataError> {
    let count = values.len() as f64;
    let values = || values.clone();
    let largest = values().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    // A power of two near the largest value: dividing by it is exact, and the quotients cannot overflow.
    let power = largest.log2().ceil().clamp(-1000.0, 1000.0).exp2();
    let start = values().next().expect("the caller checks that there is a value");
    let first = start / power;
    let differences = || values().map(move |value| value / power - first);
    let mean = differences().sum::<f64>() / count;
    let variance = differences().map(|difference| (difference - mean).powi(2)).sum::<f64>() / count;
    let deviation = variance.sqrt() * power;
    match deviation {
        _ if differences().all(|difference| difference == 0.0) => Ok((start, 1.0)),
        _ if deviation < f64::MIN_POSITIVE => Err(DataError::Deviation { what, column, deviation }),
        _ => Ok(((first + mean) * power, deviation)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Labels;
    use nalgebra::{Const, Dyn};

    #[test]
    fn a_constant_feature_becomes_zero() {
        let values = [0.1, 1.0, 0.1, 3.0, 0.1, 5.0];
        let mut table: Table<f64, Const<2>, Labels<Dyn, Const<1>>> =
            Table::classification(&values, &[0, 0, 0]).unwrap();
        let standardizer = Standardizer::fit(&table).unwrap();
        standardizer.apply(&mut table).unwrap();
        let samples = table.samples();
        assert!(samples.column(0).iter().all(|value| value.abs() < 1e-12));
        assert_eq!(samples[(1, 1)], 0.0);
        assert!((samples[(2, 1)] - 1.5_f64.sqrt()).abs() < 1e-12 && (samples[(0, 1)] + 1.5_f64.sqrt()).abs() < 1e-12);
    }

    type Numbers<T> = Table<T, Const<1>, Labels<Dyn, Const<1>>>;

    fn column<T: Scalar>(values: &[T]) -> Numbers<T> {
        Table::classification(values, &vec![0; values.len()]).unwrap()
    }

    #[test]
    fn close_values_and_extreme_values_keep_their_deviation() {
        let (half, third) = (0.5_f64.sqrt(), (2.0_f64 / 3.0).sqrt());
        for (values, deviation) in [
            (vec![1e9, 1e9 + 1e-4, 1e9 + 2e-4], 1e-4 * third),
            (vec![-1e9, -1e9 - 1e-4, -1e9 - 2e-4], 1e-4 * third),
            (vec![1.0, 2.0, 3.0], third),
            (vec![1e308, -1e308], 1e308),
            (vec![f64::MAX, -f64::MAX, f64::MAX, -f64::MAX], f64::MAX),
            (vec![1e-300, 2e-300, 3e-300], 1e-300 * third),
            (vec![0.0, 0.0, 0.0, 4e-200], 4e-200 * 3.0_f64.sqrt() / 4.0),
            (vec![0.0, 1.0, 1.0, 2.0], half),
        ] {
            let mut table = column(&values);
            let standardizer = Standardizer::fit(&table).unwrap();
            let found = standardizer.deviations[0];
            assert!((found / deviation - 1.0).abs() < 1e-3, "{values:?}: {found}, not {deviation}");
            standardizer.apply(&mut table).unwrap();
            let scaled = table.samples().column(0);
            assert!(scaled.iter().all(|value| value.is_finite()), "{values:?}: {scaled}");
            assert!((scaled.iter().map(|value| value * value).sum::<f64>() / values.len() as f64 - 1.0).abs() < 1e-2);
        }
    }

    #[test]
    fn equal_values_become_zero_at_any_size() {
        for value in [0.0, 0.1, 1e9 + 0.3, -f64::MAX, f64::MIN_POSITIVE, 5e-324] {
            let mut table = column(&[value; 7]);
            let standardizer = Standardizer::fit(&table).unwrap();
            assert_eq!((standardizer.means[0], standardizer.deviations[0]), (value, 1.0));
            standardizer.apply(&mut table).unwrap();
            assert!(table.samples().iter().all(|value| *value == 0.0));
        }
    }

    #[test]
    fn targets_are_scaled_and_predictions_are_scaled_back() {
        type Pairs = Table<f64, Const<1>, Batch<f64, Dyn, Const<2>>>;
        let mut table = Pairs::regression(&[5.0, 6.0, 7.0], &[1.0, -200.0, 2.0, -200.0, 3.0, -200.0]).unwrap();
        let before = table.clone();
        let standardizer = Standardizer::fit_targets(&table).unwrap();
        assert_eq!((&*standardizer.means, standardizer.deviations[1]), (&[2.0, -200.0][..], 1.0));
        standardizer.apply_targets(&mut table).unwrap();
        assert_eq!(table.samples(), before.samples());
        assert!((table.targets()[(2, 0)] - 1.5_f64.sqrt()).abs() < 1e-12 && table.targets()[(2, 1)] == 0.0);
        let mut predictions = table.targets().clone();
        standardizer.inverse(&mut predictions);
        assert!((&*predictions - &**before.targets()).iter().all(|error| error.abs() < 1e-12), "{predictions}");
        let mut one = [table.targets()[(0, 0)], f64::NAN];
        standardizer.inverse_to(&mut one);
        assert!((one[0] - 1.0).abs() < 1e-12 && one[1].is_nan());

        let far = Standardizer { means: vec![0.0, 0.0], deviations: vec![1.0, 1e-307] };
        let error = far.apply_targets(&mut table).err();
        assert!(error.is_none(), "{error:?}");
        let mut large = before.clone();
        let error = far.apply_targets(&mut large).unwrap_err().to_string();
        assert_eq!(error, "target 1 of sample 0 is -inf; data must be finite");
        assert_eq!(large, before);
        let empty = Pairs::regression(&[], &[]).unwrap();
        assert!(matches!(Standardizer::fit_targets(&empty), Err(DataError::NoSamples { .. })));
        let tiny = Pairs::regression(&[0.0, 0.0], &[0.0, 0.0, 0.0, 5e-324]).unwrap();
        let error = Standardizer::fit_targets(&tiny).unwrap_err().to_string();
        assert!(error.starts_with("the standard deviation of target 1, "), "{error}");
    }

    #[test]
    fn non_finite_results_are_named_and_change_nothing() {
        let standardizer = Standardizer::fit(&column(&[0.0_f32, 1e-30])).unwrap();
        let mut other = column(&[1e-30_f32, 1e20]);
        let before = other.clone();
        let error = standardizer.apply(&mut other).unwrap_err().to_string();
        assert_eq!(error, "feature 0 of sample 1 is inf; data must be finite");
        assert_eq!(other, before);
        let mut sample = [f64::NAN];
        let error = standardizer.apply_to(&mut sample).unwrap_err().to_string();
        assert_eq!(error, "feature 0 of sample 0 is NaN; data must be finite");
        let error = Standardizer::fit(&column(&[0.0_f64, 5e-324])).unwrap_err().to_string();
        assert!(error.starts_with("the standard deviation of feature 0, "), "{error}");
    }
}
