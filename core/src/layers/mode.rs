//! The mode of a forward pass: training or inference.

use crate::kernels::mix;

/// The mode of a forward pass: some layers, such as dropout, behave differently in training.
///
/// `predict`, `loss`, `accuracy` and `infer` run in [`Infer`](Self::Infer). Gradients, training steps, the gradient
/// check and the trainer run in [`Train`](Self::Train).
///
/// Noise is a pure function of the seed: a pass with the same seed has the same noise. Each training step has its own
/// seed, and [`inside`](Self::inside) derives one for each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Inference: no noise, and running statistics instead of the batch's.
    Infer,
    /// Training: noise derived from the seed.
    Train {
        /// The seed of the step, mixed with the position of the layer.
        seed: u64,
        /// The index of the first sample, in a pass over a part of a batch; else 0.
        first: usize,
    },
}

impl Mode {
    /// Training over a whole batch, with the noise of a seed.
    #[must_use]
    pub const fn train(seed: u64) -> Self {
        Self::Train { seed, first: 0 }
    }

    /// The mode for the inner layer at `index`, with independent noise.
    ///
    /// A layer with inner layers must call it for each of them; otherwise they all have the same noise.
    #[must_use]
    pub const fn inside(self, index: u64) -> Self {
        match self {
            Self::Infer => self,
            Self::Train { seed, first } => Self::Train { seed: mix(seed, index), first },
        }
    }

    /// Returns whether this is a training pass.
    pub const fn is_training(self) -> bool {
        matches!(self, Self::Train { .. })
    }

    /// A random number in `[0, 1)` for one feature of one sample, or `None` in [`Infer`](Self::Infer).
    ///
    /// It depends only on the seed, the feature and the sample's index in the whole batch, not on the order of calls.
    /// `sample` is the index in this pass.
    #[must_use]
    pub const fn noise(self, sample: usize, feature: usize) -> Option<f64> {
        match self {
            Self::Infer => None,
            Self::Train { seed, first } => {
                let bits = noise_bits(mix(seed, feature as u64), (first + sample) as u64);
                Some(bits as f64 / (1_u64 << NOISE_BITS) as f64)
            }
        }
    }
}

/// The number of random bits of [`Mode::noise`].
pub(super) const NOISE_BITS: u32 = 53;

/// The random bits of one sample, given its feature mixed into the seed. In a loop over samples it is vectorized.
#[inline(always)]
pub(super) const fn noise_bits(key: u64, sample: u64) -> u64 {
    mix(key, sample) >> (u64::BITS - NOISE_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_uniform_and_reproducible() {
        let mode = Mode::train(7);
        let numbers: Vec<f64> = (0..100).flat_map(|i| (0..100).filter_map(move |j| mode.noise(i, j))).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        for tenth in (0..10).map(|tenth| f64::from(tenth) / 10.0) {
            let count = numbers.iter().filter(|&&number| number >= tenth && number < tenth + 0.1).count();
            assert!((900..1100).contains(&count), "{count} of 10,000 numbers from {tenth} on");
        }
        assert_eq!(mode.noise(3, 5), mode.noise(3, 5));
        assert_ne!(mode.noise(3, 5), mode.noise(5, 3));
        assert_eq!((Mode::Train { seed: 7, first: 2 }).noise(1, 5), mode.noise(3, 5));
        assert_eq!(Mode::Infer.noise(3, 5), None);
    }

    #[test]
    fn layers_and_steps_have_distinct_seeds() {
        let seeds = (0..50).flat_map(|step| {
            (0..50).map(move |layer| match Mode::train(step).inside(layer) {
                Mode::Train { seed, .. } => seed,
                Mode::Infer => 0,
            })
        });
        let seeds: std::collections::BTreeSet<u64> = seeds.collect();
        assert_eq!(seeds.len(), 2500);
        assert_eq!(Mode::Infer.inside(3), Mode::Infer);
    }
}
