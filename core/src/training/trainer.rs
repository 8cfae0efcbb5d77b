#[cfg(feature = "checkpoint")]
use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::ops::ControlFlow;
#[cfg(feature = "checkpoint")]
use std::path::Path;

use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;

#[cfg(feature = "checkpoint")]
use crate::formats::checkpoint::Problem;
use crate::metrics::{Score, score};
use crate::networks::DataFor;
use crate::networks::Network;
use crate::training::error::TrainingError;

use crate::training::history::{Evaluation, History, Step};
use crate::training::order::Sampling;
use crate::training::settings::{Length, Settings};
use crate::training::state::State;
use crate::training::watch::{Epoch, Watch};
use crate::training::watch::{OnEpoch, OnEvaluation, OnStep};

/// Trains a network: all that is settled beforehand, and what has come of it.
///
/// It takes the network and the optimiser, and borrows the data. What is not said is: batches of 100 samples, drawn in a
/// new order each epoch; 10 epochs; an evaluation after each of them, on the training data and on the validation data if
/// there are any; the seed 0. The same seed gives the same training, to the last bit, for any number of threads.
///
/// The step is the same as a bare [`Network::descend_with`] or [`Optimizer::descend_with`], and allocates as little.
pub struct Trainer<'a, Net: Network, O, D> {
    pub(super) net: Net,
    pub(super) optimizer: O,
    pub(super) data: &'a D,
    pub(super) settings: Settings,
    pub(super) validation: Option<Validation<'a, Net>>,
    pub(super) watchers: Vec<Box<dyn Watch<Net> + 'a>>,
    pub(super) state: State<Net>,
    /// What needs the bounds on the optimizer and the data, which [`new`](Self::new) has alone: data that does not fit
    /// is an error there, and not at each further call.
    pub(super) run: fn(&mut Self) -> Result<Stop, TrainingError>,
    #[cfg(feature = "checkpoint")]
    pub(super) take_over: fn(&mut Self, &Path) -> Result<BTreeMap<String, String>, Problem>,
}

/// Data of any type that a network is judged by.
pub(super) struct Validation<'a, Net> {
    pub samples: usize,
    pub score: Box<dyn Fn(&Net) -> Score + 'a>,
}

/// Why a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All its steps are done.
    Finished,
    /// The loss did not become smaller for as many evaluations as [`Trainer::early_stopping`] says.
    NoImprovement,
    /// Somebody who [watches](Trainer::watch) it ended it.
    Watcher,
}

impl<'a, Net: Network, O, D> Trainer<'a, Net, O, D> {
    /// Data that the network is judged by and does not learn from.
    #[must_use]
    pub fn validation<V: DataFor<Net>>(self, data: &'a V) -> Self {
        let score = Box::new(move |net: &Net| score(net, data));
        Self { validation: Some(Validation { samples: data.len(), score }), ..self }
    }

    /// Judges the network by a part of its own data, such as 0.1, chosen at random, and does not learn from it.
    #[must_use]
    pub fn validation_split(self, share: f64) -> Self {
        self.settings(|settings| settings.validation_share = Some(share))
    }

    /// How many samples a batch has; 100 by default.
    #[must_use]
    pub fn batch_size(self, samples: usize) -> Self {
        self.settings(|settings| settings.batch = samples)
    }

    /// Ends after that many epochs, counted from the very beginning; 10 by default.
    #[must_use]
    pub fn epochs(self, epochs: u64) -> Self {
        self.settings(|settings| settings.length = Length::Epochs(epochs))
    }

    /// Ends after that many steps, counted from the very beginning.
    #[must_use]
    pub fn iterations(self, steps: u64) -> Self {
        self.settings(|settings| settings.length = Length::Steps(steps))
    }

    /// How batches are drawn.
    #[must_use]
    pub fn sampling(self, sampling: Sampling) -> Self {
        self.settings(|settings| settings.sampling = sampling)
    }

    /// The seed of the order of the samples, and of the choice of those that are split off.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        self.generator(ChaCha12Rng::seed_from_u64(seed))
    }

    /// The generator instead of a [seed](Self::seed). Its numbers are the same as those of rand's `StdRng` of that seed.
    #[must_use]
    pub fn generator(self, rng: ChaCha12Rng) -> Self {
        self.settings(|settings| settings.rng = rng)
    }

    /// Evaluates the network after each so many steps, and at the end, instead of after each epoch.
    #[must_use]
    pub fn evaluate_every(self, steps: u64) -> Self {
        self.settings(|settings| settings.evaluate = Length::Steps(steps))
    }

    /// Evaluates the network before the first step too, so that curves begin at step 0.
    #[must_use]
    pub fn evaluate_at_start(self) -> Self {
        self.settings(|settings| settings.evaluate_at_start = true)
    }

    /// Leaves the training data out of the evaluations, which cost a run forward over all of it.
    #[must_use]
    pub fn without_training_scores(self) -> Self {
        self.settings(|settings| settings.score_training = false)
    }

    /// Ends after so many evaluations in which the loss, on the validation data if there are any, did not become
    /// smaller; zero is treated as one. The network then has the weights of its best evaluation, also where it ends otherwise.
    #[must_use]
    pub fn early_stopping(self, patience: usize) -> Self {
        self.settings(|settings| settings.patience = Some(patience))
    }

    /// Somebody who follows the training and can end it.
    #[must_use]
    pub fn watch(mut self, watcher: impl Watch<Net> + 'a) -> Self {
        self.watchers.push(Box::new(watcher));
        self
    }

    /// A function that is called after each step, and can end the training.
    #[must_use]
    pub fn on_step(self, call: impl FnMut(&Step) -> ControlFlow<()> + 'a) -> Self {
        self.watch(OnStep(call))
    }

    /// A function that is called after each evaluation, and can end the training.
    #[must_use]
    pub fn on_evaluation(self, call: impl FnMut(&Evaluation, &Net) -> ControlFlow<()> + 'a) -> Self {
        self.watch(OnEvaluation(call))
    }

    /// A function that is called after each epoch, and can end the training.
    #[must_use]
    pub fn on_epoch(self, call: impl FnMut(&Epoch, &Net) -> ControlFlow<()> + 'a) -> Self {
        self.watch(OnEpoch(call))
    }

    pub(super) fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Trains to the end, and says why it ended. Run again with a larger number of [epochs](Self::epochs), or
    /// with more patience, it goes on from its last step.
    ///
    /// # Errors
    ///
    /// [`TrainingError::Setting`] if there is nothing to learn from or to be judged by, a number of samples or steps is 0, or a
    /// parameter is not finite before the first step; [`TrainingError::Diverged`] if the loss becomes infinite or no number, or the
    /// training [explodes](super::Divergence). It says in which step, what was not finite first, and what usually causes it.
    /// The network then has its last good weights: those from before the last step whose loss was good, and after the first
    /// 128 steps those from at most 15 steps earlier.
    pub fn run(&mut self) -> Result<Stop, TrainingError> {
        (self.run)(self)
    }

    /// The network as it is now.
    pub fn network(&self) -> &Net {
        &self.net
    }

    /// The optimiser as it is now.
    pub fn optimizer(&self) -> &O {
        &self.optimizer
    }

    /// How many seconds the training has taken so far, with all evaluations; sessions before a resumption count.
    pub fn seconds(&self) -> f64 {
        self.state.seconds
    }

    /// What has happened so far. Where somebody who [watches](Self::watch) ended the training, the last evaluation is of the
    /// network that it ended with, unless that is the best one; it is gone again when the training goes on.
    pub fn history(&self) -> &History {
        &self.state.history
    }

    /// The network and its history.
    pub fn into_parts(self) -> (Net, History) {
        (self.net, self.state.history)
    }
}

impl<Net: Network, O, D> Debug for Trainer<'_, Net, O, D> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { settings, state, .. } = self;
        f.debug_struct("Trainer").field("settings", settings).field("steps", &state.steps).finish_non_exhaustive()
    }
}
