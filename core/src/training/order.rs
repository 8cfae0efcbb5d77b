//! The order of the samples.

use std::collections::BTreeMap;
use std::ops::Range;

use rand::RngExt;
use rand::rngs::ChaCha12Rng;
use rand::seq::SliceRandom;

/// Selects the samples of each batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sampling {
    /// Uses every sample once per epoch, in a new random order; the last batch may be smaller.
    #[default]
    Shuffled,
    /// Draws each batch from all samples, as in the book.
    ///
    /// An epoch has `samples / batch_size` steps, rounded down, but at least one.
    WithReplacement,
    /// Shuffles like [`Shuffled`](Self::Shuffled), but skips the smaller batch at the end of an epoch: PyTorch's
    /// `drop_last=True`.
    ///
    /// `BatchNorm` needs it if the last batch would have a single sample.
    WholeBatches,
    /// Draws each batch so that every class is equally likely, and every sample of a class too. Its epochs are those of
    /// [`WithReplacement`](Self::WithReplacement).
    ///
    /// PyTorch's `WeightedRandomSampler` with the inverse frequencies of the classes. It needs labels, or targets of 0 and
    /// 1 for one output of `SigmoidWithLoss`. An ignored class, and one without samples, is not drawn.
    Balanced,
}

impl Sampling {
    /// Returns true if an epoch uses each sample at most once.
    pub(super) fn is_shuffled(self) -> bool {
        matches!(self, Self::Shuffled | Self::WholeBatches)
    }
}

/// The samples of each step. They depend only on the generator and the step, so a training run can resume anywhere.
#[derive(Debug)]
pub(super) struct Order {
    sampling: Sampling,
    batch: usize,
    /// The training samples.
    among: Vec<usize>,
    /// The training samples of each class that has some, for [`Sampling::Balanced`].
    classes: Vec<Vec<usize>>,
    /// The training samples in this epoch's order, or the samples drawn for this step.
    drawn: Vec<usize>,
    rng: ChaCha12Rng,
    /// The generator before the last shuffle.
    before: ChaCha12Rng,
}

impl Order {
    pub(super) fn new(among: Vec<usize>, batch: usize, sampling: Sampling, rng: ChaCha12Rng) -> Self {
        let before = ChaCha12Rng::deserialize_state(&rng.serialize_state());
        let drawn = Vec::with_capacity(among.len().max(batch));
        Self { sampling, batch, drawn, among, classes: Vec::new(), rng, before }
    }

    /// Sets the class of each training sample, for [`Sampling::Balanced`]; samples without a class are not drawn.
    ///
    /// Returns false if no sample has a class.
    pub(super) fn balance(&mut self, classes: &[Option<usize>]) -> bool {
        let mut samples = BTreeMap::<usize, Vec<usize>>::new();
        for (&sample, class) in self.among.iter().zip(classes) {
            if let Some(class) = class {
                samples.entry(*class).or_default().push(sample);
            }
        }
        self.classes = samples.into_values().collect();
        !self.classes.is_empty()
    }

    /// The training samples.
    pub(super) fn among(&self) -> &[usize] {
        &self.among
    }

    /// The number of steps in an epoch.
    pub(super) fn steps_per_epoch(&self) -> u64 {
        let batches = match self.sampling {
            Sampling::Shuffled => self.among.len().div_ceil(self.batch),
            _ => (self.among.len() / self.batch).max(1),
        };
        batches as u64
    }

    /// The range of a step's samples in the order of its epoch.
    #[allow(clippy::cast_possible_truncation)] // a step within an epoch is at most the number of samples
    fn range(&self, step: u64) -> Range<usize> {
        let start = (step % self.steps_per_epoch()) as usize * self.batch;
        start..self.among.len().min(start + self.batch)
    }

    /// The number of samples in a step.
    pub(super) fn samples(&self, step: u64) -> usize {
        if self.sampling.is_shuffled() { self.range(step).len() } else { self.batch }
    }

    /// The samples of a step; call it for one step after the other.
    pub(super) fn next(&mut self, step: u64) -> &[usize] {
        match self.sampling {
            Sampling::Shuffled | Sampling::WholeBatches => {
                if self.range(step).start == 0 {
                    self.shuffle();
                }
            }
            Sampling::WithReplacement => {
                let Self { among, drawn, rng, .. } = self;
                drawn.clear();
                drawn.extend((0..self.batch).map(|_| among[rng.random_range(0..among.len())]));
            }
            Sampling::Balanced => {
                let Self { classes, drawn, rng, .. } = self;
                drawn.clear();
                drawn.extend((0..self.batch).map(|_| {
                    let samples = &classes[rng.random_range(0..classes.len())];
                    samples[rng.random_range(0..samples.len())]
                }));
            }
        }
        self.batch(step)
    }

    /// The samples that the last call of [`next`](Self::next), for this step, returned.
    pub(super) fn batch(&self, step: u64) -> &[usize] {
        if self.sampling.is_shuffled() { &self.drawn[self.range(step)] } else { &self.drawn }
    }

    fn shuffle(&mut self) {
        self.before = ChaCha12Rng::deserialize_state(&self.rng.serialize_state());
        // Starts from the same order each time, so that the result depends only on the generator.
        self.drawn.clear();
        self.drawn.extend_from_slice(&self.among);
        self.drawn.shuffle(&mut self.rng);
    }

    /// The generator's state after `steps` steps, from which [`restore`](Self::restore) continues.
    pub(super) fn state(&self, steps: u64) -> [u8; 49] {
        let inside = self.sampling.is_shuffled() && !steps.is_multiple_of(self.steps_per_epoch());
        if inside { self.before.serialize_state() } else { self.rng.serialize_state() }
    }

    /// Continues from a [`state`](Self::state) after `steps` steps.
    pub(super) fn restore(&mut self, state: &[u8; 49], steps: u64) {
        self.rng = ChaCha12Rng::deserialize_state(state);
        if self.sampling.is_shuffled() && !steps.is_multiple_of(self.steps_per_epoch()) {
            self.shuffle();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn order(sampling: Sampling) -> Order {
        Order::new((10..20).collect(), 3, sampling, ChaCha12Rng::seed_from_u64(1))
    }

    #[test]
    fn an_epoch_has_every_sample_once_and_a_smaller_last_batch() {
        let mut order = order(Sampling::Shuffled);
        assert_eq!(order.steps_per_epoch(), 4);
        let mut epoch = |from: u64| (from..from + 4).map(|step| order.next(step).to_vec()).collect::<Vec<_>>();
        let (first, second) = (epoch(0), epoch(4));
        assert_eq!(first.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 3, 1]);
        assert_eq!((4..8).map(|step| order.samples(step)).collect::<Vec<_>>(), [3, 3, 3, 1]);
        assert_ne!(first, second);
        for epoch in [first, second] {
            let mut samples = epoch.concat();
            samples.sort_unstable();
            assert_eq!(samples, (10..20).collect::<Vec<_>>());
        }
    }

    #[test]
    fn draws_with_replacement_equal_those_of_the_generator() {
        let mut order = order(Sampling::WithReplacement);
        assert_eq!(order.steps_per_epoch(), 3);
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        for step in 0..20 {
            let expected: Vec<_> = (0..3).map(|_| 10 + rng.random_range(0..10)).collect();
            assert_eq!(order.next(step), expected);
        }
    }

    #[test]
    fn whole_batches_skip_the_rest_of_an_epoch() {
        let mut order = order(Sampling::WholeBatches);
        assert_eq!(order.steps_per_epoch(), 3);
        let mut samples: Vec<usize> = (0..3).flat_map(|step| order.next(step).to_vec()).collect();
        samples.sort_unstable();
        samples.dedup();
        assert_eq!((samples.len(), order.samples(2)), (9, 3));
    }

    #[test]
    fn balanced_classes_are_equally_likely() {
        let mut order = order(Sampling::Balanced);
        let classes = [5, 5, 5, 5, 5, 5, 2, 2, 0, 9].map(|class| (class != 9).then_some(class));
        assert!(order.balance(&classes));
        let mut counts = [0; 20];
        (0..9_000).for_each(|step| order.next(step).iter().for_each(|&sample| counts[sample] += 1));
        for (sample, count) in counts.into_iter().enumerate() {
            let wanted = [0, 1_500, 4_500, 9_000, 0][[10, 16, 18, 19, 20].iter().filter(|at| **at <= sample).count()];
            assert!(i32::abs(count - wanted) < 300 && (wanted > 0 || count == 0), "{sample}: {count}, not {wanted}");
        }
        assert!(!order.balance(&[None; 10]));
    }

    #[test]
    fn it_continues_from_any_step() {
        for sampling in [Sampling::Shuffled, Sampling::WithReplacement, Sampling::WholeBatches] {
            let (mut whole, mut batches, mut states) = (order(sampling), Vec::new(), Vec::new());
            for step in 0..12 {
                states.push(whole.state(step));
                batches.push(whole.next(step).to_vec());
            }
            for (start, state) in states.iter().enumerate() {
                let mut rest = Order::new((10..20).collect(), 3, sampling, ChaCha12Rng::seed_from_u64(99));
                rest.restore(state, start as u64);
                for (step, batch) in batches.iter().enumerate().skip(start) {
                    assert_eq!(rest.next(step as u64), batch);
                }
            }
        }
    }
}
