//! What outputs are compared with.

use nalgebra::{Dim, DimName};

use crate::labels::Labels;
use crate::matrix::Batch;
use crate::scalar::Scalar;

/// What the outputs of a network, `N x F`, are compared with: one target for each of the `N` samples.
///
/// [`Labels`] and [`Batch`] are such targets, and `()` is none; a loss of your own has one of them, or one of its own.
pub trait Target<T: Scalar, N: Dim, F: DimName>: Send + Sync {
    /// Room for the targets of that many samples.
    fn empty(samples: N) -> Self;

    /// Takes over the target of one sample of others.
    fn copy_sample(&mut self, sample: usize, from: &Self, index: usize);

    /// The numbers that outputs are to come near to, if it consists of such: a training looks for what is not finite.
    fn numbers(&self) -> &[T] {
        &[]
    }

    /// Something that is the same for the same targets only, as far as possible: a training that goes on has to have the
    /// same data. A target of your own that is no numbers may leave it out; then only the samples are looked at.
    fn digest(&self) -> Vec<f64> {
        self.numbers().iter().map(|number| number.as_f64()).collect()
    }

    /// For how many samples the largest output is the one that the target says, none of them with a NaN among its outputs;
    /// `None` where targets are no classes.
    fn count_correct(&self, y: &Batch<T, N, F>) -> Option<usize> {
        let _ = y;
        None
    }
}

impl<T: Scalar, N: Dim, C: DimName> Target<T, N, C> for Labels<N, C> {
    fn empty(samples: N) -> Self {
        Self::zeros(samples)
    }

    fn copy_sample(&mut self, sample: usize, from: &Self, index: usize) {
        self.copy(sample, from, index);
    }

    fn digest(&self) -> Vec<f64> {
        self.classes().iter().map(|&class| class as f64).collect()
    }

    fn count_correct(&self, y: &Batch<T, N, C>) -> Option<usize> {
        Some(self.count_correct(y))
    }
}

impl<T: Scalar, N: Dim, F: DimName> Target<T, N, F> for Batch<T, N, F> {
    fn empty(samples: N) -> Self {
        Batch::zeros(samples, F::name())
    }

    fn copy_sample(&mut self, sample: usize, from: &Self, index: usize) {
        self.row_mut(sample).copy_from(&from.row(index));
    }

    fn numbers(&self) -> &[T] {
        self.data.values()
    }
}

/// For a loss that compares the outputs with nothing.
impl<T: Scalar, N: Dim, F: DimName> Target<T, N, F> for () {
    fn empty(_: N) -> Self {}

    fn copy_sample(&mut self, _: usize, (): &Self, _: usize) {}
}
