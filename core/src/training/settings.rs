//! The settings of a training run.

use std::collections::BTreeMap;
#[cfg(feature = "checkpoint")]
use std::path::PathBuf;

use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;

use crate::optimizers::Schedule;
use crate::training::order::Sampling;

/// Settings as text, under their names.
pub(super) type Listing = BTreeMap<String, String>;

/// The settings of a training run.
#[derive(Debug)]
pub(super) struct Settings {
    pub schedule: Schedule,
    pub batch: usize,
    /// The number of parts of a batch, computed one after the other.
    pub parts: usize,
    /// The number of shards of a batch; `None` for one a rank.
    pub shards: Option<usize>,
    pub sampling: Sampling,
    pub length: Length,
    pub evaluate: Length,
    /// True to evaluate before the first step.
    pub evaluate_at_start: bool,
    /// True if evaluations include the training data.
    pub score_training: bool,
    /// The fraction of the data to split off for validation.
    pub validation_share: Option<f64>,
    /// The number of evaluations without improvement before early stopping.
    pub patience: Option<usize>,
    /// The factor and the patience of [`reduce_on_plateau`](super::Trainer::reduce_on_plateau).
    pub plateau: Option<(f64, usize)>,
    pub rng: ChaCha12Rng,
    #[cfg(feature = "checkpoint")]
    pub checkpoints: Checkpoints,
}

/// A length in steps or epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Steps(u64),
    Epochs(u64),
}

impl Length {
    pub(super) fn steps(self, steps_per_epoch: u64) -> u64 {
        match self {
            Self::Steps(steps) => steps,
            Self::Epochs(epochs) => epochs.saturating_mul(steps_per_epoch),
        }
    }
}

impl Settings {
    pub(super) fn new(schedule: Schedule) -> Self {
        Self {
            schedule,
            batch: 100,
            parts: 1,
            shards: None,
            sampling: Sampling::default(),
            length: Length::Epochs(10),
            evaluate: Length::Epochs(1),
            evaluate_at_start: false,
            score_training: true,
            validation_share: None,
            patience: None,
            plateau: None,
            rng: ChaCha12Rng::seed_from_u64(0),
            #[cfg(feature = "checkpoint")]
            checkpoints: Checkpoints::default(),
        }
    }
}

/// The checkpoints to write and to resume from.
#[cfg(feature = "checkpoint")]
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    /// The file to write, and the number of steps between writes.
    pub to: Option<(PathBuf, u64)>,
    /// The file that was resumed, and the settings in it.
    pub from: Option<(PathBuf, Listing)>,
}

#[cfg(feature = "checkpoint")]
impl Checkpoints {
    /// Returns true if a checkpoint is due after `steps` steps.
    pub(super) fn is_due(&self, steps: u64) -> bool {
        self.to.as_ref().is_some_and(|(_, every)| steps.is_multiple_of(*every))
    }
}
