#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use std::fmt::{self, Display, Formatter};
use std::ops::{Deref, DerefMut};

use nalgebra::base::storage::RawStorage;
use nalgebra::iter::{MatrixIter, MatrixIterMut};
use nalgebra::{Const, Dim, DimName, Dyn, Matrix, MatrixView};

use crate::matrix::features::{Features, Known};
use crate::matrix::heap::{ColumnMajor, Heap, RowMajor};
use crate::scalar::Scalar;

/// A column-major heap matrix of `N` rows and `F` columns: the values of one feature are contiguous.
///
/// The outputs of a layer and the targets of a regression are batches. Each size is a [`Const`](nalgebra::Const) or a
/// [`Dyn`](nalgebra::Dyn). A `Batch` dereferences to a nalgebra [`Matrix`]: it has all of its methods, and `&batch`
/// works as a `&Matrix`.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Batch;
/// use typenet::nalgebra::{Const, Dyn};
///
/// let mut batch: Batch<f32, Dyn, Const<3>> = Batch::zeros(Dyn(2), Const);
/// batch[(1, 2)] = 5.0;
/// assert_eq!(batch.shape(), (2, 3));
/// assert_eq!(batch.row(1).sum(), 5.0);
///
/// let targets = Batch::from_rows(&[[0.5], [0.8]]);
/// assert_eq!(targets.shape(), (2, 1));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<T: Scalar, N: Dim, F: Dim>(Matrix<T, N, F, Heap<T, N, F, ColumnMajor>>);

/// `N` samples of `F` features as a row-major heap matrix: the values of one sample are contiguous.
///
/// Data sets give `Samples`; layers read them in place, without a transposed copy. They dereference to a nalgebra
/// matrix, as a [`Batch`] does.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Samples;
/// use typenet::nalgebra::{Const, Dyn};
///
/// let x = Samples::from_rows(&[[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]);
/// let same: Samples<f32, Dyn, Const<2>> = Samples::from_slice(Dyn(3), &[0.0, 1.0, 1.0, 1.0, 1.0, 0.0])?;
/// assert_eq!(x, same);
/// # Ok::<(), typenet::SizeError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Samples<T: Scalar, N: Dim, F: Dim>(Matrix<T, N, F, Heap<T, N, F, RowMajor>>);

/// A slice of consecutive samples as a matrix, made by [`Samples::view_of`].
pub type SamplesView<'a, T, N, F> = MatrixView<'a, T, N, F, F, Const<1>>;

/// The number of values does not fit the number of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} values, but {samples} samples of {features} features each have {}", samples.saturating_mul(*features))]
#[non_exhaustive]
pub struct SizeError {
    /// The number of samples.
    pub samples: usize,
    /// The number of features of each sample.
    pub features: usize,
    /// The number of values found.
    pub found: usize,
}

macro_rules! constructors {
    ($type:ident, $order:ty) => {
        #[cfg(feature = "alloc")]
        impl<T: Scalar, N: Dim, F: Dim> $type<T, N, F> {
            /// A matrix with every value equal to `value`.
            ///
            /// # Panics
            ///
            /// If the matrix is larger than the address space.
            pub fn filled(samples: N, features: F, value: T) -> Self
            where
                F: Features,
            {
                Self(Matrix::from_data(Heap::filled(samples, features, value)))
            }

            /// A matrix of zeros.
            ///
            /// # Panics
            ///
            /// If the matrix is larger than the address space.
            pub fn zeros(samples: N, features: F) -> Self {
                Self(Matrix::from_data(Heap::filled(samples, features, T::zero())))
            }

            /// A matrix with each value computed from its sample and feature index.
            ///
            /// # Panics
            ///
            /// If the matrix is larger than the address space.
            pub fn from_fn(samples: N, features: F, mut value: impl FnMut(usize, usize) -> T) -> Self
            where
                F: Features,
            {
                let mut batch = Self::zeros(samples, features);
                for sample in 0..batch.nrows() {
                    for feature in 0..batch.ncols() {
                        batch[(sample, feature)] = value(sample, feature);
                    }
                }
                batch
            }

            /// A copy of any matrix, converted from any precision.
            pub fn from_matrix<U: Scalar, S: RawStorage<U, N, F>>(matrix: &Matrix<U, N, F, S>) -> Self {
                let (samples, features) = matrix.shape_generic();
                let mut batch = Self::zeros(samples, features);
                batch.zip_apply(matrix, |to, from| *to = T::of(from.as_f64()));
                batch
            }

            /// A copy of a slice that holds the samples one after the other.
            ///
            /// # Errors
            ///
            /// [`SizeError`] unless the number of values is the number of samples times `F`.
            pub fn from_slice(samples: N, values: &[T]) -> Result<Self, SizeError>
            where
                F: DimName + Features,
            {
                let size = SizeError { samples: samples.value(), features: F::DIM, found: values.len() };
                if samples.value().checked_mul(F::DIM) != Some(values.len()) {
                    return Err(size);
                }
                Ok(Self::from_fn(samples, F::name(), |sample, feature| values[sample * F::DIM + feature]))
            }
        }

        #[cfg(feature = "alloc")]
        impl<T: Scalar, const F: usize> $type<T, Dyn, Const<F>> {
            /// A copy of rows, one per sample.
            pub fn from_rows(rows: &[[T; F]]) -> Self {
                Self::from_fn(Dyn(rows.len()), Const, |sample, feature| rows[sample][feature])
            }
        }

        #[cfg(feature = "alloc")]
        impl<T: Scalar, const N: usize, const F: usize> From<[[T; F]; N]> for $type<T, Const<N>, Const<F>> {
            fn from(rows: [[T; F]; N]) -> Self {
                Self::from_fn(Const, Const, |sample, feature| rows[sample][feature])
            }
        }

        #[cfg(feature = "alloc")]
        impl<T: Scalar, const F: usize> FromIterator<[T; F]> for $type<T, Dyn, Const<F>> {
            fn from_iter<I: IntoIterator<Item = [T; F]>>(rows: I) -> Self {
                Self::from_rows(&rows.into_iter().collect::<Vec<_>>())
            }
        }

        impl<T: Scalar, N: Dim, F: Dim> Deref for $type<T, N, F> {
            type Target = Matrix<T, N, F, Heap<T, N, F, $order>>;

            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        #[cfg(feature = "alloc")]
        impl<T: Scalar, N: Dim, F: Dim> DerefMut for $type<T, N, F> {
            #[inline]
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }

        /// Formats like a nalgebra matrix.
        impl<T: Scalar, N: Dim, F: Dim> Display for $type<T, N, F> {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Display::fmt(&self.0, f)
            }
        }

        /// Compares with a nalgebra matrix of any storage, element by element.
        impl<T, N, F, R, C, S> PartialEq<Matrix<T, R, C, S>> for $type<T, N, F>
        where
            T: Scalar,
            N: Dim,
            F: Dim,
            R: Dim,
            C: Dim,
            S: RawStorage<T, R, C>,
        {
            fn eq(&self, other: &Matrix<T, R, C, S>) -> bool {
                self.shape() == other.shape() && self.iter().eq(other.iter())
            }
        }

        impl<'a, T: Scalar, N: Dim, F: Dim> IntoIterator for &'a $type<T, N, F> {
            type Item = &'a T;
            type IntoIter = MatrixIter<'a, T, N, F, Heap<T, N, F, $order>>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        #[cfg(feature = "alloc")]
        impl<'a, T: Scalar, N: Dim, F: Dim> IntoIterator for &'a mut $type<T, N, F> {
            type Item = &'a mut T;
            type IntoIter = MatrixIterMut<'a, T, N, F, Heap<T, N, F, $order>>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter_mut()
            }
        }
    };
}

constructors!(Batch, ColumnMajor);
constructors!(Samples, RowMajor);

#[cfg(feature = "alloc")]
impl<T: Scalar, F: DimName + Features> Samples<T, Dyn, F> {
    /// The first samples, without a copy; all if there are fewer.
    pub(crate) fn truncated(self, samples: usize) -> Self {
        Self(Matrix::from_data(self.0.data.truncated(samples)))
    }

    /// A slice of consecutive samples as a matrix, without a copy.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::Samples;
    /// use typenet::nalgebra::{Const, Dyn};
    ///
    /// let view = Samples::<_, Dyn, Const<3>>::view_of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
    /// assert_eq!(view.nrows(), 2);
    /// assert_eq!(view[(1, 0)], 4.0);
    /// # Ok::<(), typenet::SizeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SizeError`] if the slice does not hold a whole number of samples.
    pub fn view_of(values: &[T]) -> Result<SamplesView<'_, T, Dyn, F>, SizeError> {
        let (features, found) = (F::DIM, values.len());
        let samples = found.checked_div(features).unwrap_or(0);
        if features == 0 || !found.is_multiple_of(features) {
            return Err(SizeError { samples, features, found });
        }
        Ok(MatrixView::from_slice_with_strides_generic(values, Dyn(samples), F::name(), F::name(), Const::<1>))
    }
}

impl<T: Scalar, N: Known, F: Known> Batch<T, N, F> {
    /// A matrix whose values stay in a `static`, column by column, without a copy.
    ///
    /// It makes a network with constant weights, which needs no heap. Only a change copies the values to the heap. In
    /// a constant, a wrong number of values is a compile error.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::layers::Affine;
    /// use typenet::{Batch, Infer};
    ///
    /// static LAYER: Affine<2, 3> = Affine {
    ///     weight: Batch::from_static(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), // a column for each of the 3 outputs
    ///     bias: Batch::from_static(&[0.5, 0.5, 0.5]),
    /// };
    ///
    /// let mut y = [0.0; 3];
    /// LAYER.infer_into(&[10.0, 100.0], &mut y, &mut []);
    /// assert_eq!(y, [210.5, 430.5, 650.5]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the number of values differs from `N` times `F`.
    #[must_use]
    pub const fn from_static(values: &'static [T]) -> Self {
        Self(Matrix::from_data(Heap::from_static(values)))
    }
}

/// The values, column-major.
impl<T: Scalar, N: Dim, F: Dim> AsRef<[T]> for Batch<T, N, F> {
    fn as_ref(&self) -> &[T] {
        self.data.values()
    }
}

/// The number of rows of a matrix, as a type.
pub(crate) fn rows_of<T, N: Dim, F: Dim, S: RawStorage<T, N, F>>(matrix: &Matrix<T, N, F, S>) -> N {
    matrix.shape_generic().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::Batch;
    use nalgebra::{Const, Dyn, SMatrix};

    #[test]
    fn batches_and_samples_behave_as_matrices() {
        let wanted = SMatrix::<f64, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        let mut batch: Batch<f64, Const<2>, Const<3>> = Batch::from_matrix(&wanted);
        let mut samples: Samples<f64, Dyn, Const<3>> = Samples::zeros(Dyn(2), Const);
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
        // The same values in the same order, in another shape.
        assert_ne!(batch, SMatrix::<f64, 3, 2>::from_iterator(batch.iter().copied()));
    }

    #[test]
    fn rows_slices_and_functions_give_the_same_batch() {
        const ROWS: [[f64; 3]; 2] = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let wanted = SMatrix::<f64, 2, 3>::from_fn(|row, column| ROWS[row][column]);
        let values = ROWS.as_flattened();
        assert_eq!(Batch::from_rows(&ROWS), wanted);
        assert_eq!(Batch::from(ROWS), wanted);
        assert_eq!(ROWS.into_iter().collect::<Batch<_, _, _>>(), wanted);
        assert_eq!(Batch::<_, Dyn, Const<3>>::from_slice(Dyn(2), values).unwrap(), wanted);
        assert_eq!(Batch::from_fn(Const::<2>, Dyn(3), |row, column| ROWS[row][column]), wanted);
        assert_eq!(Samples::from_rows(&ROWS), wanted);
        assert_eq!(Samples::from(ROWS), wanted);
        assert_eq!(ROWS.into_iter().collect::<Samples<_, _, _>>(), wanted);
        assert_eq!(Samples::<_, _, Const<3>>::from_slice(Const::<2>, values).unwrap(), wanted);
        assert_eq!(Samples::<f32, _, _>::from_matrix(&wanted), wanted.cast::<f32>());
        assert_eq!(Samples::<_, Dyn, Const<3>>::view_of(values).unwrap(), wanted);
    }

    #[test]
    fn incomplete_samples_are_rejected() {
        for (samples, values) in [(Dyn(2), 5), (Dyn(2), 7), (Dyn(0), 1), (Dyn(usize::MAX), 3)] {
            let error = Samples::<f32, _, Const<3>>::from_slice(samples, &vec![0.0; values]).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "{values} values, but {} samples of 3 features each have {}",
                    samples.0,
                    samples.0.saturating_mul(3)
                )
            );
        }
        let error = Samples::<f32, Dyn, Const<3>>::view_of(&[0.0; 7]).unwrap_err();
        assert_eq!(error.to_string(), "7 values, but 2 samples of 3 features each have 6");
        assert!(Samples::<f32, Dyn, Const<0>>::view_of(&[0.0; 7]).is_err());
    }
}
