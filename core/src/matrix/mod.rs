//! Matrices on the heap with sizes in their types.
//!
//! `N` samples of `F` features are a matrix of `N` rows and `F` columns. [`Batch`] is that matrix
//! as the layers write it, [`Samples`] as data comes: one sample after the other. Functions that
//! only read a batch take any nalgebra matrix of the right shape.

mod batch;
mod heap;

pub use batch::{Batch, Samples};
pub(crate) use heap::contiguous;
pub use heap::{ColumnMajor, Heap, Order, RowMajor};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Dyn, Matrix, MatrixView};

use crate::Scalar;

/// Samples that lie one after the other in somebody else's memory, seen as `N` rows of `F` features.
pub type SamplesView<'a, T, N, F> = MatrixView<'a, T, N, F, F, Const<1>>;

/// A batch of zeros.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::{Batch, zeros};
/// use typenet::nalgebra::Const;
///
/// let batch: Batch<f32, Const<100>, Const<784>> = zeros(Const::<100>, Const::<784>);
/// assert_eq!(batch.shape(), (100, 784));
/// ```
///
/// # Panics
///
/// If the matrix would be larger than the address space.
pub fn zeros<T: Scalar, N: Dim, F: Dim>(rows: N, columns: F) -> Batch<T, N, F> {
    Batch::filled(rows, columns, T::zero())
}

/// Row-major samples of zeros, to be filled by [`Dataset::gather`](crate::data::Dataset::gather).
///
/// # Panics
///
/// If the matrix would be larger than the address space.
pub fn empty_samples<T: Scalar, N: Dim, F: Dim>(rows: N, columns: F) -> Samples<T, N, F> {
    Batch::filled(rows, columns, T::zero())
}

/// A copy of any matrix as a [`Batch`], in the precision `U`.
pub fn batch_from<T, U, N, F, S>(matrix: &Matrix<T, N, F, S>) -> Batch<U, N, F>
where
    T: Scalar,
    U: Scalar,
    N: Dim,
    F: Dim,
    S: RawStorage<T, N, F>,
{
    let (rows, columns) = matrix.shape_generic();
    let mut batch = zeros::<U, N, F>(rows, columns);
    batch.zip_apply(matrix, |to, from| *to = U::of(from.as_f64()));
    batch
}

/// Sees a slice of `N · F` numbers, sample after sample, as a matrix without copying it.
///
/// Returns `None` if the slice is not a whole number of samples.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::Const;
///
/// let view = typenet::samples_of::<_, Const<3>>(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
/// assert_eq!(view.nrows(), 2);
/// assert_eq!(view[(1, 0)], 4.0);
/// ```
pub fn samples_of<T: Scalar, F: DimName>(values: &[T]) -> Option<SamplesView<'_, T, Dyn, F>> {
    let features = F::DIM;
    if features == 0 || !values.len().is_multiple_of(features) {
        return None;
    }
    let samples = Dyn(values.len() / features);
    Some(MatrixView::from_slice_with_strides_generic(values, samples, F::name(), F::name(), Const::<1>))
}

/// How many rows a matrix has, in its type's terms.
pub(crate) fn rows_of<T, N: Dim, F: Dim, S: RawStorage<T, N, F>>(matrix: &Matrix<T, N, F, S>) -> N {
    matrix.shape_generic().0
}
