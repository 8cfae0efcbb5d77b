use nalgebra::{DimName, Dyn};

use crate::labels::Labels;
use crate::matrix::{Batch, Features};
use crate::scalar::Scalar;

/// The targets of a table in a CSV file: a column of class names as [`Labels`], or columns of numbers as a [`Batch`].
pub trait CsvTargets<T>: Sized {
    /// The number of columns.
    #[doc(hidden)]
    const COLUMNS: usize;

    /// The number of classes; `None` for numbers.
    #[doc(hidden)]
    const CLASSES: Option<usize>;

    /// Targets from numbers, one sample after the other, or from classes.
    #[doc(hidden)]
    fn from_columns(samples: usize, numbers: &[T], classes: Vec<usize>) -> Self;
}

impl<T, C: DimName> CsvTargets<T> for Labels<Dyn, C> {
    const COLUMNS: usize = 1;
    const CLASSES: Option<usize> = Some(C::DIM);

    fn from_columns(_: usize, _: &[T], classes: Vec<usize>) -> Self {
        classes.try_into().expect("the reader checks each class")
    }
}

impl<T: Scalar, O: DimName + Features> CsvTargets<T> for Batch<T, Dyn, O> {
    const COLUMNS: usize = O::DIM;
    const CLASSES: Option<usize> = None;

    fn from_columns(samples: usize, numbers: &[T], _: Vec<usize>) -> Self {
        Self::from_slice(Dyn(samples), numbers).expect("the reader reads all numbers of a row")
    }
}
