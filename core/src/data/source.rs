//! The interface of data sets for training and evaluation.

use nalgebra::{DimName, Dyn};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::data::error::DataError;
use crate::matrix::Samples;
use crate::scalar::Scalar;
use crate::target::Target;

/// A data set: samples of `F` features with targets for `O` outputs.
///
/// Implemented by [`Dataset`](super::Dataset) for bytes, by [`Table`](super::Table) for floats, and by [`Subset`] for a
/// part of another data set. Implement it for your own data, such as images that are loaded on demand.
pub trait Data<T: Scalar, F: DimName, O: DimName>: Sync {
    /// The type of the targets: [`Labels`](crate::Labels), or a [`Batch`](crate::Batch) of values.
    type Target: Target<T, Dyn, O>;

    /// The number of samples.
    fn len(&self) -> usize;

    /// Returns whether there are no samples.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Copies the samples at `indices`, each less than [`len`](Self::len), into a batch of the same size.
    fn gather_into(&self, indices: &[usize], x: &mut Samples<T, Dyn, F>, target: &mut Self::Target);

    /// Fills a batch with consecutive samples from `start` on.
    fn range_into(&self, start: usize, x: &mut Samples<T, Dyn, F>, target: &mut Self::Target) {
        let indices: Vec<usize> = (start..start + x.nrows()).collect();
        self.gather_into(&indices, x, target);
    }
}

/// A subset of the samples of another data set.
#[derive(Clone, Debug)]
pub struct Subset<'a, D> {
    data: &'a D,
    indices: Vec<usize>,
}

impl<T: Scalar, F: DimName, O: DimName, D: Data<T, F, O>> Data<T, F, O> for Subset<'_, D> {
    type Target = D::Target;

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn gather_into(&self, indices: &[usize], x: &mut Samples<T, Dyn, F>, target: &mut Self::Target) {
        let indices: Vec<usize> = indices.iter().map(|&index| self.indices[index]).collect();
        self.data.gather_into(&indices, x, target);
    }

    fn range_into(&self, start: usize, x: &mut Samples<T, Dyn, F>, target: &mut Self::Target) {
        self.data.gather_into(&self.indices[start..][..x.nrows()], x, target);
    }
}

impl<'a, D> Subset<'a, D> {
    /// The indices of the subset's samples in the whole data set.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// Splits `data` of `len` samples at random: a fraction `share`, and the rest.
    ///
    /// # Errors
    ///
    /// [`DataError::Fraction`] if one of the parts would be empty.
    pub(crate) fn divide<R: Rng>(data: &'a D, len: usize, share: f64, rng: &mut R) -> Result<[Self; 2], DataError> {
        let [part, rest] = divide(len, share, rng)?;
        Ok([Self { data, indices: part }, Self { data, indices: rest }])
    }
}

/// Splits the indices below `len` at random: a fraction `share`, and the rest.
pub(super) fn divide<R: Rng>(len: usize, share: f64, rng: &mut R) -> Result<[Vec<usize>; 2], DataError> {
    let mut part: Vec<usize> = (0..len).collect();
    part.shuffle(rng);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts out of range are rejected below
    let count = (share * len as f64).round() as usize;
    if !(count > 0 && count < len) {
        return Err(DataError::Fraction { fraction: share, samples: len });
    }
    let rest = part.split_off(count);
    Ok([part, rest])
}
