use std::fmt::{self, Display, Formatter};
use std::ops::{Deref, DerefMut};

use nalgebra::base::storage::RawStorage;
use nalgebra::iter::{MatrixIter, MatrixIterMut};
use nalgebra::{Dim, Matrix};

use super::{ColumnMajor, Heap, Order, RowMajor};
use crate::Scalar;

/// `N` rows of `F` numbers on the heap; by default the numbers of one feature lie together.
///
/// Either size may be a [`Const`](nalgebra::Const) or [`Dyn`](nalgebra::Dyn). It is a nalgebra matrix in all but name:
/// it dereferences to one, so every method of [`Matrix`] is there, and `&batch` is accepted where a `&Matrix` is asked
/// for. It has a name of its own so that it can be read in the compiler's messages.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Batch;
/// use typenet::nalgebra::{Const, Dyn};
///
/// let mut batch: Batch<f32, Dyn, Const<3>> = typenet::zeros(Dyn(2), Const);
/// batch[(1, 2)] = 5.0;
/// assert_eq!(batch.shape(), (2, 3));
/// assert_eq!(batch.row(1).sum(), 5.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<T: Scalar, N: Dim, F: Dim, O: Order = ColumnMajor>(Matrix<T, N, F, Heap<T, N, F, O>>);

/// `N` samples of `F` features on the heap, the numbers of one sample together.
///
/// This is how data is gathered. Layers read it in place, so it is never transposed.
pub type Samples<T, N, F> = Batch<T, N, F, RowMajor>;

impl<T: Scalar, N: Dim, F: Dim, O: Order> Batch<T, N, F, O> {
    /// A batch of that many rows and columns, all of it equal to `value`.
    ///
    /// # Panics
    ///
    /// If the matrix would be larger than the address space.
    pub fn filled(rows: N, columns: F, value: T) -> Self {
        Self(Matrix::from_data(Heap::filled(rows, columns, value)))
    }
}

impl<T: Scalar, N: Dim, F: Dim, O: Order> Deref for Batch<T, N, F, O> {
    type Target = Matrix<T, N, F, Heap<T, N, F, O>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: Scalar, N: Dim, F: Dim, O: Order> DerefMut for Batch<T, N, F, O> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// As nalgebra shows a matrix.
impl<T: Scalar, N: Dim, F: Dim, O: Order> Display for Batch<T, N, F, O> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

/// Equal if all elements are, whatever the storage.
impl<T, N, F, O, R, C, S> PartialEq<Matrix<T, R, C, S>> for Batch<T, N, F, O>
where
    T: Scalar,
    N: Dim,
    F: Dim,
    O: Order,
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
{
    fn eq(&self, other: &Matrix<T, R, C, S>) -> bool {
        self.shape() == other.shape() && self.iter().eq(other.iter())
    }
}

impl<'a, T: Scalar, N: Dim, F: Dim, O: Order> IntoIterator for &'a Batch<T, N, F, O> {
    type Item = &'a T;
    type IntoIter = MatrixIter<'a, T, N, F, Heap<T, N, F, O>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T: Scalar, N: Dim, F: Dim, O: Order> IntoIterator for &'a mut Batch<T, N, F, O> {
    type Item = &'a mut T;
    type IntoIter = MatrixIterMut<'a, T, N, F, Heap<T, N, F, O>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Const, Dyn, SMatrix};

    #[test]
    fn it_is_a_matrix_in_all_but_name() {
        let wanted = SMatrix::<f64, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        let mut batch: Batch<f64, Const<2>, Const<3>> = crate::batch_from(&wanted);
        let mut samples: Samples<f64, Dyn, Const<3>> = crate::empty_samples(Dyn(2), Const);
        samples.zip_apply(&batch, |to, from| *to = from);
        assert_eq!(batch, wanted);
        assert_eq!(samples, wanted);
        assert_eq!(samples, *batch);
        assert_eq!(batch.to_string(), wanted.to_string());
        assert_eq!((&batch).into_iter().sum::<f64>(), 21.0);
        for value in &mut batch {
            *value *= 2.0;
        }
        assert_eq!(batch, wanted * 2.0);
        assert_ne!(samples, *batch);
        // The same numbers in the same order, in another shape.
        assert_ne!(batch, SMatrix::<f64, 3, 2>::from_iterator(batch.iter().copied()));
    }
}
