use nalgebra::{DimName, Dyn};
use rand::Rng;

use crate::data::error::DataError;
use crate::data::source::Data;
use crate::data::source::divide;
use crate::labels::Labels;
use crate::matrix::{Batch, Features, Samples};
use crate::scalar::Scalar;
use crate::target::Target;

/// Samples of `F` features in memory, each with its target: a data set from your own measurements.
///
/// The sizes are those of the network; where a network uses the table, the compiler infers them.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::data::Table;
/// use typenet::nalgebra::{Const, Dyn};
/// use typenet::{Batch, Labels};
///
/// // Three flowers of two lengths each, of two kinds.
/// let values = [1.4, 0.2, 4.7, 1.4, 1.3, 0.2];
/// let flowers: Table<f32, Const<2>, Labels<Dyn, Const<2>>> = Table::classification(&values, &[0, 1, 0])?;
/// assert_eq!(flowers.samples().shape(), (3, 2));
///
/// // Two points of a line.
/// let line: Table<f64, Const<1>, Batch<f64, Dyn, Const<1>>> = Table::regression(&[0.0, 1.0], &[3.0, 5.0])?;
/// assert_eq!(line.targets()[(1, 0)], 5.0);
/// # Ok::<(), typenet::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T: Scalar, F: DimName, Y> {
    // Invariant: one target per sample, all values finite.
    samples: Samples<T, Dyn, F>,
    targets: Y,
}

impl<T: Scalar, F: DimName + Features, C: DimName> Table<T, F, Labels<Dyn, C>> {
    /// A table from the features of all samples, one sample after the other, and their classes.
    ///
    /// # Errors
    ///
    /// [`DataError::Label`] if a class is not less than `C`; [`DataError::ValueCount`] unless there are `F` features
    /// for each class; [`DataError::NotFinite`] if a feature is NaN or infinite.
    pub fn classification(values: &[T], classes: &[usize]) -> Result<Self, DataError> {
        let targets = Labels::new(Dyn(classes.len()), classes)?;
        Ok(Self { samples: samples("feature", values, classes.len())?, targets })
    }
}

impl<T: Scalar, F: DimName + Features, O: DimName + Features> Table<T, F, Batch<T, Dyn, O>> {
    /// A table from the features of all samples, one sample after the other, and their `O` targets each.
    ///
    /// # Errors
    ///
    /// [`DataError::ValueCount`] unless there are `F` features for every `O` targets; [`DataError::NotFinite`] if a
    /// feature or a target is NaN or infinite.
    pub fn regression(values: &[T], targets: &[T]) -> Result<Self, DataError> {
        let count = values.len() / F::DIM.max(1);
        // Checked first, since `count` comes from the features.
        let samples = samples("feature", values, count)?;
        let targets = Batch::from_matrix(&*self::samples::<T, O>("target", targets, count)?);
        Ok(Self { samples, targets })
    }
}

impl<T: Scalar, F: DimName, Y: Targets<T>> Table<T, F, Y> {
    /// A table from samples and their targets, such as class numbers with the label of each:
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::data::Table;
    /// use typenet::nalgebra::{Const, Dyn};
    /// use typenet::{Classes, Labels, Samples};
    ///
    /// let words = Samples::from_classes(Dyn(3), &[5, 0, 999])?;
    /// let moods = Labels::try_from(vec![0, 1, 1])?;
    /// let table: Table<f32, Classes<1000>, Labels<Dyn, Const<2>>> = Table::new(words, moods)?;
    /// # Ok::<(), typenet::data::DataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DataError::TargetCount`] unless there is one target for each sample; [`DataError::NotFinite`] if a value is NaN
    /// or infinite.
    pub fn new(samples: Samples<T, Dyn, F>, targets: Y) -> Result<Self, DataError> {
        if targets.count() != samples.nrows() {
            return Err(DataError::TargetCount { samples: samples.nrows(), found: targets.count() });
        }
        check_finite("feature", samples.data.values(), F::DIM)?;
        let (values, width) = targets.rows();
        check_finite("target", &values, width)?;
        Ok(Self { samples, targets })
    }
}

impl<T: Scalar, F: DimName, Y> Table<T, F, Y> {
    /// A table from finite samples and as many finite targets.
    pub(super) fn from_finite(samples: Samples<T, Dyn, F>, targets: Y) -> Self {
        Self { samples, targets }
    }

    /// The features of all samples.
    pub fn samples(&self) -> &Samples<T, Dyn, F> {
        &self.samples
    }

    /// The targets of all samples.
    pub fn targets(&self) -> &Y {
        &self.targets
    }

    /// The features of all samples, one sample after the other, mutably.
    pub(super) fn values_mut(&mut self) -> &mut [T] {
        self.samples.data.values_mut()
    }

    /// The targets of all samples, mutably.
    pub(super) fn targets_mut(&mut self) -> &mut Y {
        &mut self.targets
    }

    /// Splits the table at random: a fraction `share` of its samples, such as 0.2 for testing, and the rest.
    ///
    /// # Errors
    ///
    /// [`DataError::Fraction`] if one of the parts would be empty.
    pub fn split<O: DimName, R: Rng>(&self, share: f64, rng: &mut R) -> Result<[Self; 2], DataError>
    where
        Y: Target<T, Dyn, O>,
    {
        Ok(divide(self.samples.nrows(), share, rng)?.map(|indices| self.select(&indices)))
    }

    /// A copy of the samples at `indices`.
    pub(super) fn select<O: DimName>(&self, indices: &[usize]) -> Self
    where
        Y: Target<T, Dyn, O>,
    {
        let mut samples = Samples::zeros(Dyn(indices.len()), F::name());
        let mut targets = Y::empty(Dyn(indices.len()));
        self.gather_into(indices, &mut samples, &mut targets);
        Self { samples, targets }
    }
}

/// Checks and copies `count` rows of finite values; `what` names the values in errors.
fn samples<T: Scalar, F: DimName + Features>(
    what: &'static str,
    values: &[T],
    count: usize,
) -> Result<Samples<T, Dyn, F>, DataError> {
    let rows = Samples::<T, Dyn, F>::view_of(values).ok().filter(|rows| rows.nrows() == count);
    if rows.is_none() {
        return Err(DataError::ValueCount { what, samples: count, width: F::DIM, found: values.len() });
    }
    check_finite(what, values, F::DIM)?;
    let mut samples = Samples::zeros(Dyn(count), F::name());
    samples.data.values_mut().copy_from_slice(values);
    Ok(samples)
}

/// Checks the values of rows, one row after the other; `what` names them in errors.
fn check_finite<T: Scalar>(what: &'static str, rows: &[T], width: usize) -> Result<(), DataError> {
    match rows.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((place, value)) => {
            Err(DataError::NotFinite { what, sample: place / width, column: place % width, value: value.as_f64() })
        }
        None => Ok(()),
    }
}

/// The targets of a [`Table`]: [`Labels`] or a [`Batch`].
pub trait Targets<T>: Sized {
    /// The number of samples.
    #[doc(hidden)]
    fn count(&self) -> usize;

    /// The values, one sample after the other, and their number for each sample.
    #[doc(hidden)]
    fn rows(&self) -> (Vec<T>, usize);
}

impl<T, C: DimName> Targets<T> for Labels<Dyn, C> {
    fn count(&self) -> usize {
        self.len()
    }

    fn rows(&self) -> (Vec<T>, usize) {
        (Vec::new(), 1)
    }
}

impl<T: Scalar, O: DimName> Targets<T> for Batch<T, Dyn, O> {
    fn count(&self) -> usize {
        self.nrows()
    }

    fn rows(&self) -> (Vec<T>, usize) {
        (self.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()).collect(), O::DIM)
    }
}

impl<T: Scalar, F: DimName, O: DimName, Y: Target<T, Dyn, O>> Data<T, F, O> for Table<T, F, Y> {
    type Target = Y;

    fn len(&self) -> usize {
        self.samples.nrows()
    }

    fn gather_into(&self, indices: &[usize], x: &mut Samples<T, Dyn, F>, target: &mut Y) {
        for (row, &index) in indices.iter().enumerate() {
            x.row_mut(row).copy_from(&self.samples.row(index));
            target.copy_sample(row, &self.targets, index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Const;
    use rand::{SeedableRng, rngs::StdRng};

    type Flowers = Table<f64, Const<2>, Labels<Dyn, Const<2>>>;
    type Threes = Table<f64, Const<2>, Batch<f64, Dyn, Const<3>>>;
    type Numbers = Table<f32, Const<2>, Batch<f32, Dyn, Const<1>>>;

    /// Ten samples: `(i, -i)` with the target `10 i`.
    fn ten() -> Numbers {
        let values: Vec<_> = (0..10_u8).flat_map(|i| [f32::from(i), -f32::from(i)]).collect();
        let targets: Vec<_> = (0..10_u8).map(|i| 10.0 * f32::from(i)).collect();
        Numbers::regression(&values, &targets).unwrap()
    }

    #[test]
    fn a_split_keeps_samples_and_targets_together() {
        let [part, rest] = ten().split(0.3, &mut StdRng::seed_from_u64(1)).unwrap();
        assert_eq!((part.samples().nrows(), rest.samples().nrows()), (3, 7));
        let mut seen = Vec::new();
        for table in [&part, &rest] {
            for row in 0..table.samples().nrows() {
                let value = table.samples()[(row, 0)];
                assert_eq!((table.samples()[(row, 1)], table.targets()[(row, 0)]), (-value, 10.0 * value));
                seen.push(value);
            }
        }
        assert_ne!(seen, (0..10_u8).map(f32::from).collect::<Vec<_>>());
        seen.sort_by(f32::total_cmp);
        assert_eq!(seen, (0..10_u8).map(f32::from).collect::<Vec<_>>());
    }

    #[test]
    fn invalid_tables_are_rejected() {
        let class = |values: &[f64], classes| Flowers::classification(values, classes).unwrap_err().to_string();
        assert_eq!(class(&[0.0; 3], &[0, 1]), "3 values, but 2 samples of 2 features each have 4");
        assert_eq!(class(&[0.0; 4], &[0, 2]), "label 2 of sample 1 is not one of the 2 classes 0 to 1");
        let nan = [0.0, 0.0, 0.0, f64::NAN];
        assert_eq!(class(&nan, &[0, 1]), "feature 1 of sample 1 is NaN; data must be finite");
        let number = |values: &[f64], targets: &[f64]| Threes::regression(values, targets).unwrap_err().to_string();
        assert_eq!(number(&[0.0; 4], &[0.0; 5]), "5 values, but 2 samples of 3 targets each have 6");
        assert_eq!(number(&[0.0; 3], &[0.0; 3]), "3 values, but 1 samples of 2 features each have 2");
        let infinite = [f64::INFINITY, 0.0, 0.0];
        assert_eq!(number(&[0.0; 2], &infinite), "target 0 of sample 0 is inf; data must be finite");
        let few = Flowers::new(Samples::from_rows(&[[0.0, 1.0]]), Labels::try_from(vec![0, 1]).unwrap()).unwrap_err();
        assert_eq!(few.to_string(), "2 targets for 1 samples");
        let late = Threes::new(Samples::zeros(Dyn(2), Const), Batch::from_rows(&[[0.0; 3], [0.0, f64::NAN, 0.0]]));
        assert_eq!(late.unwrap_err().to_string(), "target 1 of sample 1 is NaN; data must be finite");
        for share in [0.0, 0.01, 0.99, 1.0, -1.0, 2.0, f64::NAN, f64::INFINITY] {
            let error = ten().split(share, &mut StdRng::seed_from_u64(1)).unwrap_err();
            assert!(error.to_string().starts_with(&format!("a fraction of {share} of 10 samples")), "{error}");
        }
    }
}
