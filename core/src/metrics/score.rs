use std::convert::Infallible;
use std::fmt::{self, Debug, Formatter};

use nalgebra::{DimName, Dyn};

use crate::kernels::{join, parts};
use crate::losses::Loss;
use crate::matrix::{Batch, Samples};
use crate::networks::DataFor;
use crate::networks::{Network, TargetOf};
use crate::scalar::Scalar;
use crate::target::Target;

/// The number of input values in a chunk of samples, which fit into the second-level cache.
const CHUNK: usize = 64 * 1024;
/// The number of values that a layer may compute for a chunk, with images in mind.
const LARGEST: usize = 256 * 1024;

/// The number of samples in a chunk, for data of `samples` samples.
pub(super) fn chunk_size<Net: Network>(network: &Net, samples: usize) -> usize {
    let largest = network.layers().map(|layer| layer.outputs).max().unwrap_or(0);
    let most = (CHUNK / Net::Input::DIM.max(1)).min(LARGEST / largest.max(1));
    most.clamp(16, 1024).next_multiple_of(16).min(samples).max(1)
}

/// The mean loss and accuracy of a network on whole data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Score {
    /// The mean loss of a sample.
    ///
    /// In text formats serde writes NaN and infinities as `"NaN"`, `"inf"` or `"-inf"`.
    #[cfg_attr(feature = "serde", serde(with = "crate::metrics::number"))]
    pub loss: f64,
    /// The fraction of samples classified correctly; `None` if the targets are not classes.
    ///
    /// A sample with a NaN among its outputs counts as wrong.
    pub accuracy: Option<f64>,
}

impl Score {
    /// A score of a mean loss and, for classes, an accuracy.
    pub const fn new(loss: f64, accuracy: Option<f64>) -> Self {
        Self { loss, accuracy }
    }
}

/// Computes a network's mean loss and accuracy on all samples.
///
/// Runs on the number of threads that [`with_threads`](crate::with_threads) sets; the result does not depend on it. The
/// loss is 0 if there are no samples.
pub fn score<Net: Network, D: DataFor<Net>>(network: &Net, data: &D) -> Score {
    let Ok(score) = score_in_parts(network, data, PartOf { rank: 0, ranks: 1 }, |_| Ok::<_, Infallible>(()));
    score
}

/// The part of one rank, in an evaluation that several ranks divide.
#[derive(Clone, Copy)]
pub(crate) struct PartOf {
    pub rank: usize,
    pub ranks: usize,
}

impl PartOf {
    /// The first tally of a rank's part, among `tallies`; the end of the last part for the rank after the last one.
    pub(crate) const fn start(self, rank: usize, tallies: usize) -> usize {
        tallies * rank / self.ranks
    }
}

/// Computes a part of the tallies, completes them with `share`, and returns the score of all samples.
///
/// The result does not depend on the parts.
pub(crate) fn score_in_parts<Net: Network, D: DataFor<Net>, E>(
    network: &Net,
    data: &D,
    part: PartOf,
    share: impl FnOnce(&mut [Tally]) -> Result<(), E>,
) -> Result<Score, E> {
    let chunks = Chunks::new(network, data);
    let mut tallies = vec![Tally::default(); data.len().div_ceil(chunks.size)];
    let [first, end] = [part.rank, part.rank + 1].map(|rank| part.start(rank, tallies.len()));
    let samples = (end - first) * chunks.size;
    chunks.tally(first, &mut tallies[first..end], parts(network.parameter_count().saturating_mul(samples)));
    share(&mut tallies)?;
    let [loss, weight, correct, counted] =
        std::array::from_fn(|i| tallies.iter().fold(0.0, |sum, tally| sum + tally[i]));
    Ok(Score {
        loss: if weight > 0.0 { loss / weight } else { 0.0 },
        accuracy: (!correct.is_nan()).then(|| correct / counted.max(1.0)),
    })
}

/// A network's outputs for all samples, with their targets; see [`outputs`].
#[non_exhaustive]
pub struct Outputs<Net: Network> {
    /// The last layer's outputs, one row for each sample.
    pub y: Batch<Net::Scalar, Dyn, Net::Output>,
    /// The targets: [`Labels`](crate::Labels) or a [`Batch`] of numbers.
    pub target: TargetOf<Net, Dyn>,
}

impl<Net: Network> Debug for Outputs<Net> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outputs").field("samples", &self.y.nrows()).finish_non_exhaustive()
    }
}

/// Computes a network's outputs for all samples.
pub fn outputs<Net: Network, D: DataFor<Net>>(network: &Net, data: &D) -> Outputs<Net> {
    let mut outputs: Outputs<Net> =
        Outputs { y: Batch::zeros(Dyn(data.len()), Net::Output::name()), target: D::Target::empty(Dyn(data.len())) };
    let chunks = Chunks::new(network, data);
    let mut start = 0;
    chunks.visit(0, data.len().div_ceil(chunks.size), |y, target| {
        outputs.y.rows_mut(start, y.nrows()).copy_from(y);
        (0..y.nrows()).for_each(|sample| outputs.target.copy_sample(start + sample, target, sample));
        start += y.nrows();
    });
    outputs
}

/// The sums of losses and of weights over some samples, the number of correct samples, and the number of those that count.
///
/// The number of correct samples is NaN if the targets are not classes.
pub(crate) type Tally = [f64; 4];

/// Data that is processed in chunks.
struct Chunks<'a, Net, D> {
    network: &'a Net,
    data: &'a D,
    size: usize,
}

impl<'a, Net: Network, D: DataFor<Net>> Chunks<'a, Net, D> {
    fn new(network: &'a Net, data: &'a D) -> Self {
        Self { network, data, size: chunk_size(network, data.len()) }
    }

    /// Fills `tallies` with those of the chunks from `first` on, on `parts` threads.
    fn tally(&self, first: usize, tallies: &mut [Tally], parts: usize) {
        if parts > 1 && tallies.len() > 1 {
            let middle = (tallies.len() * (parts / 2) / parts).max(1);
            let (low, high) = tallies.split_at_mut(middle);
            let later = || self.tally(first + middle, high, parts - parts / 2);
            join(|| self.tally(first, low, parts / 2), later);
            return;
        }
        let mut to = tallies.iter_mut();
        self.visit(first, to.len(), |y, target| {
            let function = self.network.loss_fn();
            let weight = function.total_weight(y.nrows(), target);
            let (loss, correct) = (function.forward(y, target).as_f64() * weight, function.count_correct(y, target));
            let [correct, counted] = correct.map_or([f64::NAN, 0.0], |counts| counts.map(|count| count as f64));
            *to.next().expect("a tally for each chunk") = [loss, weight, correct, counted];
        });
    }

    /// Calls `visitor` with the outputs and targets of each of `count` chunks from `first` on.
    fn visit(
        &self,
        first: usize,
        count: usize,
        mut visitor: impl FnMut(&Batch<Net::Scalar, Dyn, Net::Output>, &D::Target),
    ) {
        let mut tape = Net::tape(Dyn(self.size));
        let mut batch = batch::<Net, D>(self.size);
        for start in (first..first + count).map(|chunk| chunk * self.size) {
            let samples = self.size.min(self.data.len() - start);
            if samples < batch.0.nrows() {
                batch = self::batch::<Net, D>(samples);
            }
            self.data.range_into(start, &mut batch.0, &mut batch.1);
            visitor(self.network.predict_with(&batch.0, &mut tape), &batch.1);
        }
    }
}

/// Allocates a batch of samples and their targets.
fn batch<Net: Network, D: DataFor<Net>>(samples: usize) -> (Samples<Net::Scalar, Dyn, Net::Input>, D::Target) {
    (Samples::zeros(Dyn(samples), Net::Input::name()), D::Target::empty(Dyn(samples)))
}
