#![allow(unsafe_code)] // nalgebra's trait `Dim` is unsafe to implement

use nalgebra::{Const, Dim, DimName};

#[cfg(feature = "alloc")]
use crate::labels::Labels;
use crate::labels::LabelsError;
use crate::matrix::{Batch, Samples};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The shape of a sample that is one of `C` classes, such as a word of a vocabulary: a number from 0 to `C - 1`.
///
/// It is the input of [`Embedding`](crate::layers::Embedding). A batch is an `N x 1` matrix of class numbers, which both
/// scalars hold exactly. It is made from [`Labels`], so the numbers are checked before they reach a network:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::{Const, Dyn};
/// use typenet::{Classes, Labels, Samples};
///
/// let words: Labels<Const<3>, Const<1000>> = Labels::try_from([5, 0, 999])?;
/// let x: Samples<f32, Const<3>, Classes<1000>> = Samples::try_from(&words)?;
/// assert_eq!(x, Samples::from_classes(Const::<3>, &[5, 0, 999])?);
///
/// let error = Samples::<f32, Dyn, Classes<1000>>::from_classes(Dyn(2), &[5, 1000]).unwrap_err();
/// assert_eq!(error.to_string(), "label 1000 of sample 1 is not one of the 1000 classes 0 to 999");
/// # Ok::<(), typenet::LabelsError>(())
/// ```
///
/// `C` is at least 1 and at most 2^24, the largest number below which `f32` holds every integer; other numbers do not
/// compile.
///
/// # Panics
///
/// A layer panics on a batch with a number that is not a class, which only code that writes to its elements can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classes<const C: usize>;

impl<const C: usize> Classes<C> {
    /// A class number as the only element of a sample.
    pub(crate) fn checked<T: Scalar>(class: usize) -> Result<T, LabelsError> {
        if class >= C {
            return Err(LabelsError::Class { label: class, sample: 0, classes: C });
        }
        Ok(T::of(class as f64))
    }

    /// The class number that an element of a batch holds.
    ///
    /// # Panics
    ///
    /// If it is not one.
    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // compared with the value below
    pub(crate) fn number<T: Scalar>(value: T) -> usize {
        let value = value.as_f64();
        let class = value as usize;
        assert!(
            class < C && class as f64 == value,
            "{value} is not one of the {C} classes: make batches from `Labels`"
        );
        class
    }
}

// SAFETY: the dimension is 1 everywhere: in `try_to_usize`, `value`, `from_usize` and `DIM`.
unsafe impl<const C: usize> Dim for Classes<C> {
    #[inline]
    fn try_to_usize() -> Option<usize> {
        Some(Self::DIM)
    }

    #[inline]
    fn value(&self) -> usize {
        Self::DIM
    }

    #[inline]
    fn from_usize(dim: usize) -> Self {
        assert_eq!(dim, Self::DIM, "a sample of classes is one number");
        Self
    }
}

impl<const C: usize> DimName for Classes<C> {
    const DIM: usize = {
        assert!(C > 0, "`Classes` needs at least one class");
        assert!(C <= 1 << 24, "`f32` holds class numbers exactly only up to 16,777,216 classes");
        1
    };

    #[inline]
    fn name() -> Self {
        Self
    }

    #[inline]
    fn dim() -> usize {
        Self::DIM
    }
}

impl<const C: usize> Shape for Classes<C> {
    const CLASSES: Option<usize> = Some(C);
}

#[cfg(feature = "alloc")]
macro_rules! of_classes {
    ($type:ident) => {
        impl<T: Scalar, N: Dim, const C: usize> $type<T, N, Classes<C>> {
            /// The class numbers of `samples` samples.
            ///
            /// # Errors
            ///
            /// Those of [`Labels::new`].
            pub fn from_classes(samples: N, classes: &[usize]) -> Result<Self, LabelsError> {
                Self::try_from(&Labels::new(samples, classes)?)
            }
        }

        /// # Errors
        ///
        /// [`LabelsError::Undecided`] names the first undecided label.
        impl<T: Scalar, N: Dim, const C: usize> TryFrom<&Labels<N, Const<C>>> for $type<T, N, Classes<C>> {
            type Error = LabelsError;

            fn try_from(labels: &Labels<N, Const<C>>) -> Result<Self, LabelsError> {
                if let Some(&sample) = labels.undecided().first() {
                    return Err(LabelsError::Undecided { sample });
                }
                let mut batch = Self::zeros(labels.samples(), Classes);
                batch.iter_mut().zip(labels.classes()).for_each(|(to, &class)| *to = T::of(class as f64));
                Ok(batch)
            }
        }
    };
}

#[cfg(feature = "alloc")]
of_classes!(Batch);
#[cfg(feature = "alloc")]
of_classes!(Samples);

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Dyn, SMatrix};

    #[test]
    fn undecided_labels_do_not_become_samples() {
        let labels = Labels::argmax(&SMatrix::<f32, 2, 2>::new(0.1, 0.9, 0.1, f32::NAN));
        let error = Samples::<f32, _, Classes<2>>::try_from(&labels).unwrap_err();
        assert_eq!(error.to_string(), "sample 1 has no class: a NaN left it undecided");
    }

    #[test]
    fn the_largest_class_number_is_exact() {
        const LAST: usize = (1 << 24) - 1;
        let batch = Batch::<f32, Dyn, Classes<{ 1 << 24 }>>::from_classes(Dyn(2), &[LAST, LAST - 1]).unwrap();
        let numbers: Vec<usize> = batch.iter().map(|&value| Classes::<{ 1 << 24 }>::number(value)).collect();
        assert_eq!(numbers, [LAST, LAST - 1]);
    }

    #[test]
    fn other_numbers_panic() {
        for value in [-1.0, 0.5, 3.0, f32::NAN, f32::INFINITY] {
            let panic = std::panic::catch_unwind(|| Classes::<3>::number(value)).unwrap_err();
            let wanted = format!("{value} is not one of the 3 classes: make batches from `Labels`");
            assert_eq!(panic.downcast_ref::<String>(), Some(&wanted));
        }
    }
}
