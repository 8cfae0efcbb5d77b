use std::fmt::{self, Debug, Formatter};
use std::ops::ControlFlow;
#[cfg(feature = "checkpoint")]
use std::path::Path;

use nalgebra::Dyn;
use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;

use crate::data::Augment;
#[cfg(feature = "checkpoint")]
use crate::formats::checkpoint::Problem;
use crate::matrix::Samples;
use crate::metrics::Score;
use crate::networks::DataFor;
use crate::networks::Network;
use crate::training::checksum::digest;
use crate::training::collective::{Collective, CollectiveError, Ranks};
use crate::training::error::TrainingError;
use crate::training::history::{Evaluation, History, Step};
use crate::training::order::Sampling;
#[cfg(feature = "checkpoint")]
use crate::training::settings::Listing;
use crate::training::settings::{Length, Settings};
use crate::training::state::State;
use crate::training::together::score_together;
use crate::training::watch::{Epoch, Watch};
use crate::training::watch::{OnEpoch, OnEvaluation, OnStep};

/// Trains a network, with batches, evaluations, early stopping, callbacks and a history.
///
/// Defaults: batches of 100 samples, in a new order each epoch; 10 epochs; an evaluation after each epoch, on the
/// training data and on validation data if there is any; seed 0. The same seed gives the same result, bit for bit, for
/// any number of threads.
///
/// Each step is one call of [`Optimizer::descend_with`](crate::optimizers::Optimizer::descend_with), without further
/// allocations.
pub struct Trainer<'a, Net: Network, O, D> {
    pub(super) net: Net,
    pub(super) optimizer: O,
    pub(super) data: &'a D,
    pub(super) settings: Settings,
    pub(super) validation: Option<Validation<'a, Net>>,
    pub(super) augment: Option<Augmenting<Net>>,
    pub(super) metrics: Vec<Measure<'a, Net>>,
    pub(super) watchers: Vec<Box<dyn Watch<Net> + 'a>>,
    pub(super) state: State<Net>,
    pub(super) collective: &'a dyn Collective,
    /// A function pointer, so that only [`new`](Self::new) needs bounds on the optimizer and the data. For data that does
    /// not fit, the compiler then reports only the call of `new`.
    pub(super) run: fn(&mut Self) -> Result<Stop, TrainingError>,
    #[cfg(feature = "checkpoint")]
    pub(super) take_over: fn(&mut Self, &Path) -> Result<Listing, Problem>,
}

/// Validation data of any type.
pub(super) struct Validation<'a, Net> {
    pub samples: usize,
    pub score: ScoreTogether<'a, Net>,
    pub digest: Box<dyn Fn() -> u64 + 'a>,
}

/// A function that scores a network on data, together with other ranks.
type ScoreTogether<'a, Net> = Box<dyn Fn(&Net, &Ranks) -> Result<Score, CollectiveError> + 'a>;

/// A metric of the user's own.
pub(super) struct Measure<'a, Net> {
    pub name: String,
    pub value: Box<dyn Fn(&Net) -> f64 + 'a>,
}

/// An [`Augment`] of images of any size.
pub(super) struct Augmenting<Net: Network> {
    pub apply: ApplyAugment<Net>,
    pub check: Result<(), String>,
    /// The settings as text.
    pub settings: String,
}

/// A function that changes training samples, given the index of the first one in the batch, and a seed.
pub(super) type ApplyAugment<Net> = Box<dyn Fn(usize, &Input<Net>, &mut Input<Net>, u64)>;

/// A batch of samples.
pub(super) type Input<Net> = Samples<<Net as Network>::Scalar, Dyn, <Net as Network>::Input>;

/// The reason that a training run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The run completed all of its steps.
    Finished,
    /// [Early stopping](Trainer::early_stopping): the loss no longer improved.
    NoImprovement,
    /// A [callback](Trainer::watch) stopped the run.
    Watcher,
}

impl<'a, Net: Network, O, D> Trainer<'a, Net, O, D> {
    /// Sets validation data, on which evaluations score the network.
    #[must_use]
    pub fn validation<V: DataFor<Net>>(self, data: &'a V) -> Self {
        let score = Box::new(move |net: &Net, ranks: &Ranks| score_together(net, data, ranks));
        let digest = Box::new(|| digest::<Net, V>(data));
        Self { validation: Some(Validation { samples: data.len(), score, digest }), ..self }
    }

    /// Splits off a random fraction of the training data, such as 0.1, for validation.
    #[must_use]
    pub fn validation_split(self, share: f64) -> Self {
        self.settings(|settings| settings.validation_share = Some(share))
    }

    /// Changes the images of each training batch at random, but not those of evaluations.
    ///
    /// The changes depend on the [seed](Self::seed), the step and a sample's place in its batch.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::nalgebra::Const;
    /// use typenet::data::{Augment, digits};
    /// use typenet::optimizers::{Adam, Schedule};
    /// use typenet::training::Trainer;
    /// use typenet::{DataFor, Network};
    ///
    /// fn train<Net: Network<Input = Const<784>>, D: DataFor<Net>>(net: Net, digits: &D) -> Trainer<'_, Net, Adam<Net>, D> {
    ///     Trainer::new(net, Adam::new(), Schedule::constant(0.001), digits)
    ///         .augment(Augment::<1, 28, 28>::new().shift(2).rotate(10.0))
    /// }
    /// ```
    #[must_use]
    pub fn augment<const C: usize, const H: usize, const W: usize>(self, augment: Augment<C, H, W>) -> Self {
        let augment = Augmenting {
            apply: Box::new(move |first, images, changed, seed| augment.apply_from(first, images, changed, seed)),
            check: augment.check().map_err(|error| error.to_string()),
            settings: augment.to_string(),
        };
        Self { augment: Some(augment), ..self }
    }

    /// Sets the number of samples in a batch; 100 by default.
    #[must_use]
    pub fn batch_size(self, samples: usize) -> Self {
        self.settings(|settings| settings.batch = samples)
    }

    /// Computes each batch in `parts` parts, one after the other, and adds their gradients; 1 by default.
    ///
    /// A step then needs the memory for one part of `batch_size / parts` samples, rounded up. Its result is that of the
    /// whole batch up to rounding, also with weights of classes or samples, `Dropout` and [`augment`](Self::augment).
    /// `BatchNorm` differs: it normalizes each part by itself, and its running statistics are the means over the parts.
    ///
    /// The batch size, and everything counted in steps and epochs, stays that of the whole batch. So PyTorch's loader of
    /// 32 samples with 4 accumulated steps is:
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::Trainer;
    /// # use typenet::{DataFor, Network};
    /// # fn train<Net: Network, D: DataFor<Net>>(net: Net, data: &D) -> Trainer<'_, Net, Adam<Net>, D> {
    /// Trainer::new(net, Adam::new(), Schedule::constant(0.001), data).batch_size(128).accumulate(4)
    /// # }
    /// ```
    #[doc(alias = "gradient accumulation")]
    #[must_use]
    pub fn accumulate(self, parts: usize) -> Self {
        self.settings(|settings| settings.parts = parts)
    }

    /// Trains together with other processes, each of which runs this trainer on the same data.
    ///
    /// Each rank computes its [shards](Self::shards) of a batch; their gradients are added, and all ranks take the same
    /// step. Every rank needs the same network, data and settings; [`run`](Self::run) compares them before the first step.
    /// Each rank also evaluates its part of the data, with the same scores for any number of ranks. An evaluation has the
    /// time that each rank has [waited](super::Evaluation::waited) for others.
    ///
    /// Metrics and callbacks run on all ranks. A callback that changes the network has to do the same on all of them; the
    /// next evaluation compares the networks. A callback that stops the run on one rank stops all ranks after the next
    /// step. Only rank 0 writes checkpoints, and a resumed run may have another number of ranks.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::{Collective, Trainer};
    /// # use typenet::{DataFor, Network};
    /// # fn train<'a, Net: Network, D: DataFor<Net>>(net: Net, data: &'a D, ranks: &'a dyn Collective) -> Trainer<'a, Net, Adam<Net>, D> {
    /// Trainer::new(net, Adam::new(), Schedule::constant(0.001), data).collective(ranks).shards(4)
    /// # }
    /// ```
    #[doc(alias("distributed", "data parallel"))]
    #[must_use]
    pub fn collective(self, collective: &'a dyn Collective) -> Self {
        Self { collective, ..self }
    }

    /// Divides each batch into `shards` shards; by default one for each rank of the [collective](Self::collective).
    ///
    /// Shard `i` of `S` holds the samples `N·i / S` to `N·(i + 1) / S` of a batch of `N`, rounded down. Gradients are added
    /// in pairs, in a binary tree over the shards. So the result depends on the number of shards, but not on that of
    /// ranks: one process with 4 shards has the same bits as 4 ranks with one shard each.
    ///
    /// The result is that of the whole batch up to rounding. `BatchNorm` differs: it normalizes each shard by itself, and
    /// its running statistics are the means over the shards. The number should be a multiple of the number of ranks, and
    /// cannot be combined with [`accumulate`](Self::accumulate).
    #[must_use]
    pub fn shards(self, shards: usize) -> Self {
        self.settings(|settings| settings.shards = Some(shards))
    }

    /// Sets the total number of epochs, including those before a resume; 10 by default.
    #[must_use]
    pub fn epochs(self, epochs: u64) -> Self {
        self.settings(|settings| settings.length = Length::Epochs(epochs))
    }

    /// Sets the total number of steps, including those before a resume.
    #[must_use]
    pub fn iterations(self, steps: u64) -> Self {
        self.settings(|settings| settings.length = Length::Steps(steps))
    }

    /// Sets the order of the samples; by default, shuffled in each epoch.
    #[must_use]
    pub fn sampling(self, sampling: Sampling) -> Self {
        self.settings(|settings| settings.sampling = sampling)
    }

    /// Sets the seed of all randomness, such as the order of the samples; 0 by default.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        self.generator(ChaCha12Rng::seed_from_u64(seed))
    }

    /// Sets the random generator instead of a [seed](Self::seed).
    ///
    /// `ChaCha12Rng` gives the same numbers as rand's `StdRng` with the same seed.
    #[must_use]
    pub fn generator(self, rng: ChaCha12Rng) -> Self {
        self.settings(|settings| settings.rng = rng)
    }

    /// Evaluates the network after every `steps` steps and at the end, instead of after each epoch.
    #[must_use]
    pub fn evaluate_every(self, steps: u64) -> Self {
        self.settings(|settings| settings.evaluate = Length::Steps(steps))
    }

    /// Also evaluates the network before the first step, so that curves begin at step 0.
    #[must_use]
    pub fn evaluate_at_start(self) -> Self {
        self.settings(|settings| settings.evaluate_at_start = true)
    }

    /// Excludes the training data from evaluations, to save a forward pass over all of it.
    #[must_use]
    pub fn without_training_scores(self) -> Self {
        self.settings(|settings| settings.score_training = false)
    }

    /// Stops after `patience` evaluations without a smaller loss, and ends with the best weights.
    ///
    /// Uses the loss on the validation data if there is any. A `patience` of zero is treated as one. A run that finishes,
    /// or that a callback stops, also ends with the best weights.
    #[must_use]
    pub fn early_stopping(self, patience: usize) -> Self {
        self.settings(|settings| settings.patience = Some(patience))
    }

    /// Multiplies the learning rate by `factor` after more than `patience` evaluations without a smaller loss.
    ///
    /// Uses the loss on the validation data if there is any, as [`early_stopping`](Self::early_stopping) does. A loss
    /// counts as smaller if it is by a relative 1e-4. Further reductions follow after as many evaluations again. PyTorch's
    /// `ReduceLROnPlateau`.
    ///
    /// The reduced rate is the [rate](Step::learning_rate) of the steps in the history. It multiplies that of the schedule.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::Trainer;
    /// # use typenet::{DataFor, Network};
    /// # fn train<'a, Net: Network, D: DataFor<Net>>(net: Net, data: &'a D, test: &'a D) -> Trainer<'a, Net, Adam<Net>, D> {
    /// Trainer::new(net, Adam::new(), Schedule::constant(0.001), data).validation(test).reduce_on_plateau(0.1, 10)
    /// # }
    /// ```
    #[doc(alias = "ReduceLROnPlateau")]
    #[must_use]
    pub fn reduce_on_plateau(self, factor: f64, patience: usize) -> Self {
        self.settings(|settings| settings.plateau = Some((factor, patience)))
    }

    /// Adds a metric of your own, which every evaluation computes.
    ///
    /// Its values are in the [history](Evaluation::metrics), in checkpoints and in the progress bar. They may be NaN or
    /// infinite. Names must differ.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use typenet::metrics::{ConfusionMatrix, outputs};
    /// # use typenet::nalgebra::{Const, Dyn};
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::Trainer;
    /// # use typenet::losses::SoftmaxWithLoss;
    /// # use typenet::{DataFor, Labels, Network};
    /// # fn train<'a, Net, D>(net: Net, data: &'a D, test: &'a D) -> Trainer<'a, Net, Adam<Net>, D>
    /// # where Net: Network<Output = Const<3>, Loss = SoftmaxWithLoss>, D: DataFor<Net> {
    /// Trainer::new(net, Adam::new(), Schedule::constant(0.001), data).metric("F1 of class 2", |net| {
    ///     let found = outputs(net, test);
    ///     ConfusionMatrix::new(&found.target, &Labels::argmax(&found.y)).f1(2).unwrap_or(f64::NAN)
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn metric(mut self, name: impl Into<String>, value: impl Fn(&Net) -> f64 + 'a) -> Self {
        self.metrics.push(Measure { name: name.into(), value: Box::new(value) });
        self
    }

    /// Adds callbacks, which can stop the training run.
    #[must_use]
    pub fn watch(mut self, watcher: impl Watch<Net> + 'a) -> Self {
        self.watchers.push(Box::new(watcher));
        self
    }

    /// Adds a function that is called after each step, and can change the network and stop the training run.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use std::ops::ControlFlow;
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::Trainer;
    /// # use typenet::{DataFor, Network};
    /// # fn train<Net: Network<Scalar = f32>, D: DataFor<Net>>(net: Net, data: &D) -> Trainer<'_, Net, Adam<Net>, D> {
    /// Trainer::new(net, Adam::new(), Schedule::constant(0.001), data).on_step(|_, net| {
    ///     // Clips the weights of the first layer, as in a Wasserstein GAN.
    ///     net.parameter_mut(0).into_iter().flatten().for_each(|weight| *weight = weight.clamp(-0.01, 0.01));
    ///     ControlFlow::Continue(())
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn on_step(self, call: impl FnMut(&Step, &mut Net) -> ControlFlow<()> + 'a) -> Self {
        self.watch(OnStep(call))
    }

    /// Adds a function that is called after each evaluation, and can change the network and stop the training run.
    #[must_use]
    pub fn on_evaluation(self, call: impl FnMut(&Evaluation, &mut Net) -> ControlFlow<()> + 'a) -> Self {
        self.watch(OnEvaluation(call))
    }

    /// Adds a function that is called after each epoch, and can change the network and stop the training run.
    ///
    /// Gradual thawing, with a network whose first layer was frozen:
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use std::ops::ControlFlow;
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::Trainer;
    /// # use typenet::{DataFor, Network};
    /// # fn train<Net: Network, D: DataFor<Net>>(net: Net, data: &D) -> Trainer<'_, Net, Adam<Net>, D> {
    /// Trainer::new(net, Adam::new(), Schedule::constant(0.001), data).on_epoch(|epoch, net| {
    ///     if epoch.number >= 3 {
    ///         net.thaw("affine1").expect("the network has this layer");
    ///     }
    ///     ControlFlow::Continue(())
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn on_epoch(self, call: impl FnMut(&Epoch, &mut Net) -> ControlFlow<()> + 'a) -> Self {
        self.watch(OnEpoch(call))
    }

    pub(super) fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Trains to the end and returns the reason that it ended.
    ///
    /// After [`epochs`](Self::epochs) or [`early_stopping`](Self::early_stopping) has set a larger value, another call
    /// continues from the last step.
    ///
    /// # Errors
    ///
    /// - [`TrainingError::Setting`] if a setting is invalid, such as a batch size of 0 or a `Dropout` of 1.5, if the data
    ///   for training or early stopping is missing, or if a parameter is not finite.
    /// - [`TrainingError::Optimizer`] if a setting of the optimizer or of the schedule is invalid.
    /// - [`TrainingError::Data`] if the data cannot be split.
    /// - [`TrainingError::Checkpoint`] if a checkpoint cannot be written or is from another training run.
    /// - [`TrainingError::Collective`] if another rank ended or does not answer.
    /// - [`TrainingError::Diverged`] if the loss becomes NaN or infinite, or training [explodes](super::Divergence). The
    ///   error names the step, the first value that is not finite and the usual causes.
    ///
    /// After a divergence the network has its last good weights: in the first 128 steps those from before the last step
    /// with a good loss, later those from at most 15 steps earlier.
    pub fn run(&mut self) -> Result<Stop, TrainingError> {
        (self.run)(self)
    }

    /// [Runs](Self::run) to the end and returns the network; [`into_parts`](Self::into_parts) also returns the history.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::{Trainer, TrainingError};
    /// # use typenet::{DataFor, Network};
    /// # fn train<Net: Network, D: DataFor<Net>>(net: Net, data: &D) -> Result<(), TrainingError> {
    /// let net = Trainer::new(net, Adam::new(), Schedule::constant(0.001), data).epochs(5).fit()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run). They drop the network.
    pub fn fit(mut self) -> Result<Net, TrainingError> {
        self.run()?;
        Ok(self.net)
    }

    /// The number of shards of a batch.
    pub(super) fn shard_count(&self) -> usize {
        self.settings.shards.unwrap_or_else(|| self.ranks())
    }

    /// The number of ranks.
    pub(super) fn ranks(&self) -> usize {
        self.collective.size()
    }

    /// This process's rank.
    pub(super) fn rank(&self) -> usize {
        self.collective.rank()
    }

    /// The network in its current state.
    pub fn network(&self) -> &Net {
        &self.net
    }

    /// The optimizer in its current state.
    pub fn optimizer(&self) -> &O {
        &self.optimizer
    }

    /// The training time in seconds, including evaluations and the time before a resume.
    pub fn seconds(&self) -> f64 {
        self.state.seconds
    }

    /// The steps and evaluations so far.
    ///
    /// If a [callback](Self::watch) stops the run, the trainer adds an evaluation of the final network, unless early
    /// stopping restores the best one. The trainer removes this evaluation if the run continues.
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
