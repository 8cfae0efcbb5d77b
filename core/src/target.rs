//! The targets that a loss compares outputs with.

use alloc::{vec, vec::Vec};

use nalgebra::{Dim, DimName};

use crate::labels::Labels;
use crate::matrix::Batch;
use crate::scalar::Scalar;

/// The targets of a batch, which a loss compares with the `N x F` outputs of a network.
///
/// Implemented by [`Labels`], by [`Batch`], and by `()` for a loss without targets. Your own loss can use one of these
/// or its own type.
pub trait Target<T: Scalar, N: Dim, F: DimName>: Send + Sync {
    /// Allocates targets for `samples` samples.
    fn empty(samples: N) -> Self;

    /// Copies the target of sample `index` of `from` to position `sample`.
    fn copy_sample(&mut self, sample: usize, from: &Self, index: usize);

    /// The target values, which a training run checks to be finite; empty if targets are not values.
    fn numbers(&self) -> &[T] {
        &[]
    }

    /// Returns values that identify the targets, so that a resumed training run can check its data.
    ///
    /// The default is [`numbers`](Self::numbers). If it is empty, only the samples are checked.
    fn digest(&self) -> Vec<f64> {
        self.numbers().iter().map(|number| number.as_f64()).collect()
    }

    /// The class of a sample, or `None` if targets are not classes.
    fn class_of(&self, sample: usize) -> Option<usize> {
        let _ = sample;
        None
    }

    /// The number of samples whose largest output is the target class, or `None` if targets are not classes.
    ///
    /// A sample with a NaN among its outputs does not count.
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

    fn class_of(&self, sample: usize) -> Option<usize> {
        Some(self.classes()[sample])
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

/// Targets with a weight for each sample; made by [`with_weights`](crate::data::Table::with_weights).
///
/// They are the targets of a network that ends in [`SampleWeighted`](crate::losses::SampleWeighted).
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedTargets<Y> {
    targets: Y,
    // Invariant: one weight per sample, finite and not negative.
    weights: Vec<f64>,
}

impl<Y> WeightedTargets<Y> {
    /// Adds weights to targets; `None` unless every weight is finite and at least 0.
    ///
    /// The loss panics if the number of weights differs from the number of samples.
    pub fn new(targets: Y, weights: Vec<f64>) -> Option<Self> {
        weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0).then_some(Self { targets, weights })
    }

    /// The targets without their weights.
    pub fn targets(&self) -> &Y {
        &self.targets
    }

    /// The targets without their weights, mutably.
    pub(crate) fn targets_mut(&mut self) -> &mut Y {
        &mut self.targets
    }

    /// The weight of each sample.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Sets the weights, one for each sample, each finite and at least 0.
    pub(crate) fn set_weights(&mut self, weights: impl Iterator<Item = f64>) {
        self.weights.iter_mut().zip(weights).for_each(|(to, weight)| *to = weight);
    }

    /// The targets in another form, with the same weights.
    pub(crate) fn map<Z>(&self, map: impl FnOnce(&Y) -> Z) -> WeightedTargets<Z> {
        WeightedTargets { targets: map(&self.targets), weights: self.weights.clone() }
    }
}

impl<T: Scalar, N: Dim, F: DimName, Y: Target<T, N, F>> Target<T, N, F> for WeightedTargets<Y> {
    fn empty(samples: N) -> Self {
        Self { targets: Y::empty(samples), weights: vec![1.0; samples.value()] }
    }

    fn copy_sample(&mut self, sample: usize, from: &Self, index: usize) {
        self.targets.copy_sample(sample, &from.targets, index);
        self.weights[sample] = from.weights[index];
    }

    fn numbers(&self) -> &[T] {
        self.targets.numbers()
    }

    fn digest(&self) -> Vec<f64> {
        let mut digest = self.targets.digest();
        digest.extend(&self.weights);
        digest
    }

    fn class_of(&self, sample: usize) -> Option<usize> {
        self.targets.class_of(sample)
    }

    fn count_correct(&self, y: &Batch<T, N, F>) -> Option<usize> {
        self.targets.count_correct(y)
    }
}

/// The target of a loss that needs no targets.
impl<T: Scalar, N: Dim, F: DimName> Target<T, N, F> for () {
    fn empty(_: N) -> Self {}

    fn copy_sample(&mut self, _: usize, (): &Self, _: usize) {}
}
