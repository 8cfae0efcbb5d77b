//! The class labels of samples.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

#[cfg(feature = "alloc")]
use alloc::borrow::ToOwned;
#[cfg(feature = "alloc")]
use alloc::{format, string::String, vec, vec::Vec};
use std::marker::PhantomData;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Dyn, Matrix};

use crate::kernels::{Loop, vectorized};
use crate::matrix::Batch;
use crate::matrix::contiguous;
use crate::scalar::Scalar;

/// The error for values that are not valid [`Labels`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelsError {
    /// A class number is too large.
    #[error("label {label} of sample {sample} is not one of the {classes} classes 0 to {}", classes.saturating_sub(1))]
    #[non_exhaustive]
    Class {
        /// The class number.
        label: usize,
        /// The index of the sample.
        sample: usize,
        /// The number of classes.
        classes: usize,
    },
    /// The number of labels differs from the number of samples.
    #[error("{found} labels for {expected} samples")]
    #[non_exhaustive]
    Count {
        /// The number of samples.
        expected: usize,
        /// The number of labels.
        found: usize,
    },
    /// A sample has no class, because a NaN left it [undecided](Labels::undecided).
    #[error("sample {sample} has no class: a NaN left it undecided")]
    #[non_exhaustive]
    Undecided {
        /// The index of the sample.
        sample: usize,
    },
    /// A row is not one-hot.
    #[cfg(feature = "alloc")]
    #[error("row {row} is not one-hot: it should hold a single 1 among zeros, but {problem}")]
    #[non_exhaustive]
    OneHot {
        /// The index of the row.
        row: usize,
        /// The content of the row.
        problem: String,
    },
}

/// The classes of `N` samples: numbers from 0 to `C - 1`, checked at construction.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::Const;
/// use typenet::Labels;
///
/// let labels: Labels<Const<3>, Const<10>> = Labels::new(Const, &[5, 0, 9])?;
/// assert_eq!(labels.classes(), [5, 0, 9]);
///
/// let error = Labels::<Const<3>, Const<10>>::new(Const, &[5, 10, 9]).unwrap_err();
/// assert_eq!(error.to_string(), "label 10 of sample 1 is not one of the 10 classes 0 to 9");
/// # Ok::<(), typenet::LabelsError>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels<N: Dim, C: DimName> {
    // Invariant: `samples` values, each less than `C::DIM`.
    classes: Vec<usize>,
    // Invariant: in ascending order, each less than `samples`.
    undecided: Vec<usize>,
    samples: N,
    among: PhantomData<C>,
}

#[cfg(feature = "alloc")]
impl<N: Dim, C: DimName> Labels<N, C> {
    /// Labels from the class numbers of `samples` samples.
    ///
    /// # Errors
    ///
    /// [`LabelsError::Count`] unless there are `samples` class numbers, [`LabelsError::Class`] if one is not less than
    /// `C`.
    pub fn new(samples: N, classes: &[usize]) -> Result<Self, LabelsError> {
        if classes.len() != samples.value() {
            return Err(LabelsError::Count { expected: samples.value(), found: classes.len() });
        }
        Self::from_vec(samples, classes.to_vec())
    }

    /// Labels from one class number for each sample.
    fn from_vec(samples: N, classes: Vec<usize>) -> Result<Self, LabelsError> {
        if let Some((sample, &label)) = classes.iter().enumerate().find(|&(_, &class)| class >= C::DIM) {
            return Err(LabelsError::Class { label, sample, classes: C::DIM });
        }
        Ok(Self::of(classes, samples))
    }

    /// Labels from one-hot rows: each holds a single 1 among zeros.
    ///
    /// # Errors
    ///
    /// [`LabelsError::OneHot`] names the first row that is not one-hot.
    pub fn from_one_hot<T, S>(rows: &Matrix<T, N, C, S>) -> Result<Self, LabelsError>
    where
        T: Scalar,
        S: RawStorage<T, N, C>,
    {
        let classes = (0..rows.nrows()).map(|row| hot_column(rows, row)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::of(classes, rows.shape_generic().0))
    }

    /// The labels as one-hot rows: each holds a single 1 among zeros.
    pub fn one_hot<T: Scalar>(&self) -> Batch<T, N, C> {
        let mut rows = Batch::<T, N, C>::zeros(self.samples, C::name());
        for (row, &class) in self.classes.iter().enumerate() {
            rows[(row, class)] = T::one();
        }
        rows
    }

    /// Labels without undecided samples.
    fn of(classes: Vec<usize>, samples: N) -> Self {
        Self { classes, undecided: Vec::new(), samples, among: PhantomData }
    }

    /// The column of the largest value in each row: the class that a network considers most likely.
    ///
    /// Among equal values the first counts. Infinities compare as usual. A row with a NaN gets the column of its first
    /// NaN, as in NumPy, and is [`undecided`](Self::undecided).
    pub fn argmax<T, S>(rows: &Matrix<T, N, C, S>) -> Self
    where
        T: Scalar,
        S: RawStorage<T, N, C>,
    {
        let mut labels = Self::zeros(rows.shape_generic().0);
        labels.copy_argmax(rows);
        labels
    }

    /// Overwrites the labels with the [`argmax`](Self::argmax) of `rows`.
    ///
    /// # Panics
    ///
    /// If the numbers of rows and labels differ, which requires a `Dyn` `N`.
    pub fn copy_argmax<T, S>(&mut self, rows: &Matrix<T, N, C, S>)
    where
        T: Scalar,
        S: RawStorage<T, N, C>,
    {
        assert_eq!(self.classes.len(), rows.nrows(), "the number of labels must equal the number of rows");
        self.undecided.clear();
        for (block, classes) in self.classes.chunks_mut(ROWS).enumerate() {
            let start = block * ROWS;
            let largest = largest_columns(rows, start, classes.len());
            for (class, column) in classes.iter_mut().zip(largest) {
                *class = (column & !UNDECIDED) as usize;
            }
            if largest.iter().fold(0, |any, column| any | column) & UNDECIDED != 0 {
                let undecided = largest.iter().enumerate().filter(|(_, column)| *column & UNDECIDED != 0);
                self.undecided.extend(undecided.map(|(row, _)| start + row));
            }
        }
    }

    /// `samples` labels of class 0.
    ///
    /// # Panics
    ///
    /// If `C` is zero.
    pub fn zeros(samples: N) -> Self {
        assert!(C::DIM > 0, "labels need at least one class");
        Self::of(vec![0; samples.value()], samples)
    }

    /// Copies one label from other labels.
    pub(crate) fn copy<M: Dim>(&mut self, row: usize, from: &Labels<M, C>, index: usize) {
        self.undecided.clear();
        self.classes[row] = from.classes[index];
    }

    /// Marks rows, in ascending order, as undecided.
    pub(crate) fn with_undecided(self, undecided: Vec<usize>) -> Self {
        Self { undecided, ..self }
    }

    /// The class numbers.
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// The number of labels, as a type.
    pub(crate) fn samples(&self) -> N {
        self.samples
    }

    /// The number of labels.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Returns whether there are no labels.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The indices of undecided samples, in ascending order.
    ///
    /// A sample is undecided if [`argmax`](Self::argmax) found a NaN in its row. No score counts it as correct. Labels
    /// from other sources have no undecided samples.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::nalgebra::SMatrix;
    /// use typenet::{Labels, metrics::ConfusionMatrix};
    ///
    /// let answers = Labels::argmax(&SMatrix::<f32, 2, 2>::new(0.1, 0.9, 0.1, f32::NAN));
    /// assert_eq!((answers.classes(), answers.undecided()), (&[1, 1][..], &[1][..]));
    /// assert_eq!(ConfusionMatrix::new(&Labels::try_from([1, 1])?, &answers).accuracy(), 0.5);
    /// # Ok::<(), typenet::LabelsError>(())
    /// ```
    pub fn undecided(&self) -> &[usize] {
        &self.undecided
    }

    /// The fraction of rows with their largest value in the label's column, from 0 to 1; 0 for no rows.
    ///
    /// A row with a NaN never counts as correct.
    ///
    /// # Panics
    ///
    /// If the numbers of rows and labels differ, which requires a `Dyn` `N`.
    pub fn accuracy<T, S>(&self, rows: &Matrix<T, N, C, S>) -> f64
    where
        T: Scalar,
        S: RawStorage<T, N, C>,
    {
        self.count_correct(rows) as f64 / self.len().max(1) as f64
    }

    /// The number of rows without NaN whose largest value is in the label's column.
    pub(crate) fn count_correct<T, S>(&self, rows: &Matrix<T, N, C, S>) -> usize
    where
        T: Scalar,
        S: RawStorage<T, N, C>,
    {
        assert_eq!(self.classes.len(), rows.nrows(), "the number of labels must equal the number of rows");
        let right = self.classes.chunks(ROWS).enumerate().map(|(block, classes)| {
            let largest = largest_columns(rows, block * ROWS, classes.len());
            classes.iter().zip(largest).filter(|&(&class, column)| class == column as usize).count()
        });
        right.sum()
    }
}

#[cfg(feature = "alloc")]
impl<const N: usize, C: DimName> TryFrom<[usize; N]> for Labels<Const<N>, C> {
    type Error = LabelsError;

    fn try_from(classes: [usize; N]) -> Result<Self, LabelsError> {
        Self::new(Const, &classes)
    }
}

#[cfg(feature = "alloc")]
impl<C: DimName> TryFrom<Vec<usize>> for Labels<Dyn, C> {
    type Error = LabelsError;

    fn try_from(classes: Vec<usize>) -> Result<Self, LabelsError> {
        Self::from_vec(Dyn(classes.len()), classes)
    }
}

/// The number of rows compared at once.
const ROWS: usize = 64;

/// The flag bit of a column that holds a NaN.
const UNDECIDED: u32 = 1 << 31;

/// The first column with the largest value, for each of `count` rows from `start` on.
///
/// In a row with a NaN it is the first column with a NaN, flagged as [`UNDECIDED`].
#[cfg(feature = "alloc")]
fn largest_columns<T, N, C, S>(rows: &Matrix<T, N, C, S>, start: usize, count: usize) -> [u32; ROWS]
where
    T: Scalar,
    N: Dim,
    C: DimName,
    S: RawStorage<T, N, C>,
{
    if let Some(values) = contiguous(rows) {
        return vectorized(Largest { values, samples: rows.nrows(), start, count, columns: C::DIM });
    }
    std::array::from_fn(|row| {
        if row >= count || C::DIM == 0 {
            return 0;
        }
        let value = |column: usize| rows[(start + row, column)];
        let largest = (1..C::DIM).fold(0, |best, column| if beats(value(column), value(best)) { column } else { best });
        flagged(narrow(largest), value(largest))
    })
}

/// Returns whether a value replaces the largest one so far: it is larger, or the first NaN.
#[inline(always)]
#[allow(clippy::eq_op, clippy::neg_cmp_op_on_partial_ord)] // only NaN differs from itself and fails every `<=`
fn beats<T: Scalar>(value: T, best: T) -> bool {
    !(value <= best) && best == best
}

/// The column, flagged if its value is NaN.
#[inline(always)]
#[allow(clippy::eq_op)]
fn flagged<T: Scalar>(column: u32, value: T) -> u32 {
    if value == value { column } else { column | UNDECIDED }
}

/// [`largest_columns`] of a contiguous column-major matrix.
struct Largest<'a, T> {
    values: &'a [T],
    samples: usize,
    start: usize,
    count: usize,
    columns: usize,
}

impl<T: Scalar> Loop for Largest<'_, T> {
    type Output = [u32; ROWS];

    #[inline(always)]
    fn run(self) -> [u32; ROWS] {
        let column = |column: usize| &self.values[column * self.samples + self.start..][..self.count];
        let (mut best, mut columns) = ([T::zero(); ROWS], [0; ROWS]);
        if self.columns > 0 {
            best[..self.count].copy_from_slice(column(0));
        }
        for place in 1..self.columns {
            for ((best, at), &value) in best.iter_mut().zip(&mut columns).zip(column(place)) {
                let beats = beats(value, *best);
                *at = if beats { narrow(place) } else { *at };
                *best = if beats { value } else { *best };
            }
        }
        for (column, &best) in columns.iter_mut().zip(&best) {
            *column = flagged(*column, best);
        }
        columns
    }
}

/// A column's index in 32 bits, so that more of them fit into a vector.
#[inline(always)]
fn narrow(column: usize) -> u32 {
    u32::try_from(column).expect("fewer than 2³² columns")
}

#[cfg(feature = "alloc")]
fn hot_column<T, N, C, S>(rows: &Matrix<T, N, C, S>, row: usize) -> Result<usize, LabelsError>
where
    T: Scalar,
    N: Dim,
    C: DimName,
    S: RawStorage<T, N, C>,
{
    let mut hot = None;
    for column in 0..C::DIM {
        let value = rows[(row, column)];
        if value == T::one() {
            if let Some(first) = hot.replace(column) {
                return Err(LabelsError::OneHot { row, problem: format!("columns {first} and {column} hold a 1") });
            }
        } else if value != T::zero() {
            return Err(LabelsError::OneHot { row, problem: format!("column {column} holds {value}") });
        }
    }
    hot.ok_or(LabelsError::OneHot { row, problem: "it holds only zeros".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::SMatrix;

    type Three = Labels<Const<2>, Const<3>>;

    #[test]
    fn one_hot_rows_round_trip() {
        let rows = SMatrix::<f32, 2, 3>::new(0.0, 0.0, 1.0, 1.0, 0.0, 0.0);
        let labels = Three::from_one_hot(&rows).unwrap();
        assert_eq!(labels.classes(), [2, 0]);
        assert!(labels.one_hot::<f32>().iter().eq(rows.iter()));
    }

    #[test]
    fn rows_that_are_not_one_hot_are_named() {
        for (rows, problem) in [
            ([0.0, 1.0, 0.0, 0.0, 0.0, 0.0], "it holds only zeros"),
            ([0.0, 1.0, 0.0, 1.0, 0.0, 1.0], "columns 0 and 2 hold a 1"),
            ([0.0, 1.0, 0.0, 0.5, 0.5, 0.0], "column 0 holds 0.5"),
            ([0.0, 1.0, 0.0, 0.0, f64::NAN, 1.0], "column 1 holds NaN"),
        ] {
            let error = Three::from_one_hot(&SMatrix::<f64, 2, 3>::from_row_slice(&rows)).unwrap_err().to_string();
            assert_eq!(error, format!("row 1 is not one-hot: it should hold a single 1 among zeros, but {problem}"));
        }
    }

    #[test]
    fn counts_and_classes_are_checked() {
        assert_eq!(Three::new(Const, &[1]).unwrap_err().to_string(), "1 labels for 2 samples");
        let error = Three::try_from([0, 3]).unwrap_err().to_string();
        assert_eq!(error, "label 3 of sample 1 is not one of the 3 classes 0 to 2");
        assert_eq!(Labels::<Dyn, Const<3>>::try_from(vec![0, 1, 2]).unwrap().len(), 3);
    }

    #[test]
    fn argmax_returns_the_first_of_equal_values() {
        let rows = SMatrix::<f32, 2, 3>::new(1.0, 3.0, 3.0, -1.0, -2.0, -3.0);
        assert_eq!(Three::argmax(&rows).classes(), [1, 0]);
        assert!((Three::try_from([1, 1]).unwrap().accuracy(&rows) - 0.5).abs() < 1e-12);
    }

    /// In a whole contiguous block, in the remainder after it, and in rows that are not contiguous.
    #[test]
    fn argmax_marks_rows_with_nan() {
        let mut rows = Batch::<f64, _, _>::zeros(Dyn(150), Const::<3>);
        for place in [(3, 0), (3, 2), (64, 2), (149, 1)] {
            rows[place] = f64::NAN;
        }
        let mut labels = Labels::argmax(&*rows);
        assert_eq!(labels.undecided(), [3, 64, 149]);
        assert_eq!([3, 64, 149, 4].map(|row| labels.classes()[row]), [0, 2, 1, 0]);
        let mut twice = Batch::<f64, _, _>::zeros(Dyn(300), Const::<3>);
        (0..150).for_each(|row| twice.row_mut(2 * row).copy_from(&rows.row(row)));
        assert_eq!(Labels::argmax(&twice.rows_with_step(0, 150, 1)), labels);
        labels.copy_argmax(&*Batch::<f64, _, _>::zeros(Dyn(150), Const::<3>));
        assert_eq!(labels, Labels::zeros(Dyn(150)));
    }
}
