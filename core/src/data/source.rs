//! What training and evaluation ask of data.

use nalgebra::{DimName, Dyn};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::data::error::DataError;
use crate::matrix::Samples;
use crate::scalar::Scalar;
use crate::target::Target;

/// Samples of `F` features with what a network of `O` outputs is to say of each of them.
///
/// A [`Dataset`](super::Dataset) of bytes is one, a [`Table`](super::Table) of numbers, and a [`Subset`] of either. Data
/// of your own, such as pictures that are read when they are needed, implements it.
pub trait Data<T: Scalar, F: DimName, O: DimName>: Sync {
    /// What the outputs are compared with: [`Labels`](crate::Labels) or a [`Batch`](crate::Batch) of numbers.
    type Target: Target<T, Dyn, O>;

    /// How many samples there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts the samples of those indices, each below [`len`](Self::len), into a batch of as many.
    fn gather_into(&self, indices: &[usize], x: &mut Samples<T, Dyn, F>, target: &mut Self::Target);

    /// Puts the samples from `start` on into a batch, as many as it has room for.
    fn range_into(&self, start: usize, x: &mut Samples<T, Dyn, F>, target: &mut Self::Target) {
        let indices: Vec<usize> = (start..start + x.nrows()).collect();
        self.gather_into(&indices, x, target);
    }
}

/// Some of the samples of other data.
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
    /// Which of the samples they are.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// Divides `data` of `len` samples at random: a part of `share` of them, and the rest.
    ///
    /// # Errors
    ///
    /// [`DataError::Fraction`] if one of the parts would have no samples.
    pub(crate) fn divide<R: Rng>(data: &'a D, len: usize, share: f64, rng: &mut R) -> Result<[Self; 2], DataError> {
        let [part, rest] = divide(len, share, rng)?;
        Ok([Self { data, indices: part }, Self { data, indices: rest }])
    }
}

/// The numbers below `len` in random order, cut into a part of `share` of them and the rest.
pub(super) fn divide<R: Rng>(len: usize, share: f64, rng: &mut R) -> Result<[Vec<usize>; 2], DataError> {
    let mut part: Vec<usize> = (0..len).collect();
    part.shuffle(rng);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // what is not from 0 to `len` is refused
    let count = (share * len as f64).round() as usize;
    if !(count > 0 && count < len) {
        return Err(DataError::Fraction { fraction: share, samples: len });
    }
    let rest = part.split_off(count);
    Ok([part, rest])
}
