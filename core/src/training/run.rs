//! One run of a trainer.

use std::ops::ControlFlow;
use std::time::Instant;

use nalgebra::{DimName, Dyn};
use rand::rngs::ChaCha12Rng;
use rand::{Rng, SeedableRng};

use crate::data::Subset;
use crate::kernels::mix;
use crate::matrix::Samples;
use crate::metrics::score;
use crate::networks::DataFor;
use crate::networks::{Network, Tape, TargetOf};
use crate::optimizers::{Optimizer, Schedule};
use crate::parameters::{Path, first_invalid_setting, first_not_finite, first_short_of_samples};
use crate::scalar::Scalar;
use crate::target::Target;
use crate::training::divergence::{Divergence, Place};
use crate::training::divergence::{has_exploded, is_suspicious, largest, largest_in};
use crate::training::error::TrainingError;
use crate::training::history::{Evaluation, Step};
use crate::training::order::Order;
use crate::training::order::Sampling;
use crate::training::settings::{Length, Settings};
use crate::training::snapshot::Snapshots;
use crate::training::state::State;
use crate::training::trainer::{Stop, Trainer};
use crate::training::watch::{Epoch, Plan, Watch};

impl<'a, Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Trainer<'a, Net, O, D> {
    /// Creates a trainer of `net` on `data`, with the learning rates of a [schedule](Schedule).
    pub fn new(net: Net, optimizer: O, schedule: Schedule, data: &'a D) -> Self {
        Self {
            net,
            optimizer,
            data,
            settings: Settings::new(schedule),
            validation: None,
            augment: None,
            watchers: Vec::new(),
            state: State::default(),
            run: |trainer| Run::new(trainer)?.run(),
            #[cfg(feature = "checkpoint")]
            take_over: Self::take_over,
        }
    }
}

/// A number for the noise of augmentation, which no layer has.
const AUGMENT: u64 = u64::MAX;

/// One call of [`Trainer::run`].
pub(super) struct Run<'t, 'a, Net: Network, O, D> {
    trainer: &'t mut Trainer<'a, Net, O, D>,
    order: Order,
    /// The samples to train on; `None` for all data.
    training: Option<Subset<'a, D>>,
    /// The samples that were split off for validation.
    held_out: Option<Subset<'a, D>>,
    plan: Plan,
    evaluate: u64,
    full: Work<Net>,
    /// Buffers for the smaller batch at the end of an epoch.
    rest: Option<Work<Net>>,
    snapshots: Snapshots<Net>,
    /// The seed of the noise in layers such as dropout.
    noise: u64,
    /// The largest number in the data, computed at first use.
    largest_in_data: Option<f64>,
    start: Instant,
}

impl<'t, 'a, Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Run<'t, 'a, Net, O, D> {
    pub(super) fn new(trainer: &'t mut Trainer<'a, Net, O, D>) -> Result<Self, TrainingError> {
        let [training, held_out] = parts(trainer)?;
        let samples =
            training.as_ref().map_or_else(|| (0..trainer.data.len()).collect(), |part| part.indices().to_vec());
        trainer.optimizer.check()?;
        trainer.settings.schedule.check()?;
        check(trainer, samples.len(), held_out.as_ref().map(Subset::indices))?;
        #[cfg(feature = "checkpoint")]
        trainer.check_checkpoints()?;
        trainer.state.go_on(&mut trainer.net);
        if trainer.settings.patience.is_none() {
            trainer.state.stop_judging();
        }
        let batch = batch_size(trainer, samples.len())?;
        let mut order = Order::new(samples, batch, trainer.settings.sampling, trainer.rng());
        if let Some(state) = trainer.state.order {
            order.restore(&state, trainer.state.steps);
        }
        let steps_per_epoch = order.steps_per_epoch();
        let steps = trainer.settings.length.steps(steps_per_epoch);
        check_batches(&trainer.net, &order, steps.min(steps_per_epoch))?;
        Ok(Self {
            plan: Plan { done: trainer.state.steps, steps, steps_per_epoch },
            evaluate: trainer.settings.evaluate.steps(steps_per_epoch),
            full: Work::new(batch),
            rest: None,
            noise: trainer.rng().next_u64(),
            snapshots: Snapshots::new(&trainer.net, trainer.state.steps),
            largest_in_data: None,
            start: Instant::now(),
            order,
            training,
            held_out,
            trainer,
        })
    }

    pub(super) fn run(mut self) -> Result<Stop, TrainingError> {
        let plan = self.plan;
        self.trainer.watchers.iter_mut().for_each(|watcher| watcher.begin(&plan));
        let missing = plan.steps.saturating_sub(plan.done);
        self.trainer.state.history.steps.reserve(usize::try_from(missing).unwrap_or(0).min(1 << 20));
        let stop = self.steps();
        #[cfg(feature = "checkpoint")] // before the best network is restored: a resumed run continues from the last one
        let stop = stop.and_then(|stop| self.trainer.save(self.seconds()).map(|()| stop));
        if let Ok(stop) = stop {
            self.finish(stop);
        }
        self.trainer.watchers.iter_mut().for_each(|watcher| watcher.end());
        self.trainer.state.seconds = self.seconds();
        stop
    }

    /// The training time in seconds so far.
    fn seconds(&self) -> f64 {
        self.trainer.state.seconds + self.start.elapsed().as_secs_f64()
    }

    /// Restores the best network with early stopping, or evaluates the last one if a watcher stopped the run.
    fn finish(&mut self, stop: Stop) {
        let Trainer { net, settings, state, .. } = &mut *self.trainer;
        if settings.patience.is_some() && state.best.is_some() {
            state.end_with_best(net);
        } else if stop == Stop::Watcher {
            self.passing_evaluation();
        }
    }

    /// Evaluates the network after a watcher stopped the run. Continuing discards this evaluation.
    fn passing_evaluation(&mut self) {
        let state = &mut self.trainer.state;
        if state.history.evaluations.last().is_none_or(|last| last.steps < state.steps) {
            state.passing = true;
            let evaluation = self.evaluate();
            let _ = self.tell(|watcher, net| watcher.evaluation(&evaluation, net)); // the run has already ended
        }
    }

    fn steps(&mut self) -> Result<Stop, TrainingError> {
        if self.has_waited_enough() {
            return Ok(Stop::NoImprovement);
        }
        if self.begins_with_evaluation() && self.evaluation().is_break() {
            return Ok(Stop::Watcher);
        }
        while self.trainer.state.steps < self.plan.steps {
            let mut flow = self.step()?;
            let done = self.trainer.state.steps;
            if done.is_multiple_of(self.evaluate) || done == self.plan.steps {
                self.check_parameters()?;
                flow = and(flow, self.evaluation());
            }
            if done.is_multiple_of(self.plan.steps_per_epoch) {
                flow = and(flow, self.epoch());
            }
            if self.has_waited_enough() {
                return Ok(Stop::NoImprovement);
            }
            if flow.is_break() {
                self.check_parameters()?;
                return Ok(Stop::Watcher);
            }
            #[cfg(feature = "checkpoint")]
            self.save_if_due()?;
        }
        Ok(Stop::Finished)
    }

    /// Returns true if an evaluation before the first step is due.
    fn begins_with_evaluation(&self) -> bool {
        let Trainer { settings, state, .. } = &*self.trainer;
        settings.evaluate_at_start && state.steps == 0 && state.history.evaluations.is_empty()
    }

    /// Returns true if early stopping is due.
    fn has_waited_enough(&self) -> bool {
        let Trainer { settings, state, .. } = &*self.trainer;
        settings.patience.is_some_and(|patience| state.waited >= patience.max(1))
    }

    /// Stores the training run if a checkpoint is due, except at the end, where it is stored anyway.
    #[cfg(feature = "checkpoint")]
    fn save_if_due(&mut self) -> Result<(), TrainingError> {
        let done = self.trainer.state.steps;
        if done == self.plan.steps || !self.trainer.settings.checkpoints.is_due(done) {
            return Ok(());
        }
        self.check_parameters()?;
        self.trainer.save(self.seconds())
    }

    /// Runs one step on the next batch.
    fn step(&mut self) -> Result<ControlFlow<()>, TrainingError> {
        let Trainer { net, optimizer, data, settings, augment, state, .. } = &mut *self.trainer;
        let step = state.steps;
        let learning_rate = settings.schedule.rate(step);
        let samples = self.order.next(step);
        let work = if samples.len() == self.full.x.nrows() {
            &mut self.full
        } else {
            self.rest.get_or_insert_with(|| Work::new(samples.len()))
        };
        self.snapshots.offer(net, step);
        work.tape.set_noise(self.noise, step);
        if let Some(augment) = augment {
            let images = work.images.get_or_insert_with(|| work.x.clone());
            data.gather_into(samples, images, &mut work.target);
            (augment.apply)(images, &mut work.x, mix(mix(self.noise, step), AUGMENT));
        } else {
            data.gather_into(samples, &mut work.x, &mut work.target);
        }
        let loss = optimizer.descend_with(net, &work.x, &work.target, learning_rate, &mut work.tape).as_f64();
        let first_loss = state.history.steps.first().map_or(loss, |first| first.loss);
        let mut largest_in_data = || *self.largest_in_data.get_or_insert_with(|| largest_in(*data));
        let suspicious = is_suspicious(loss, first_loss);
        if suspicious && (!loss.is_finite() || has_exploded::<Net>(&work.tape, largest_in_data())) {
            let place = Place::find::<Net>(&work.tape, &work.x, &work.target, loss);
            let largest_input = largest(work.x.data.values());
            let restored = self.snapshots.restore(net);
            let divergence = Divergence { step, loss, first_loss, learning_rate, place, largest_input, restored };
            return Err(TrainingError::Diverged(Box::new(divergence)));
        }
        self.snapshots.confirm();
        state.steps += 1;
        state.order = Some(self.order.state(state.steps));
        let step = Step { step, loss, learning_rate };
        state.history.steps.push(step);
        Ok(self.tell(|watcher, net| watcher.step(&step, net)))
    }

    /// Checks that the weights are finite after the last step, whose loss was measured before it.
    fn check_parameters(&mut self) -> Result<(), TrainingError> {
        let Trainer { net, state, .. } = &mut *self.trainer;
        let (Some(name), [first, ..], [.., last]) =
            (first_not_finite(net), &*state.history.steps, &*state.history.steps)
        else {
            return Ok(());
        };
        Err(TrainingError::Diverged(Box::new(Divergence {
            step: last.step,
            loss: last.loss,
            first_loss: first.loss,
            learning_rate: last.learning_rate,
            place: Place::Parameter(name),
            largest_input: largest(self.full.x.data.values()),
            restored: self.snapshots.restore(net),
        })))
    }

    /// Evaluates the network, for early stopping and the watchers.
    fn evaluation(&mut self) -> ControlFlow<()> {
        let evaluation = self.evaluate();
        let Trainer { net, settings, state, .. } = &mut *self.trainer;
        if settings.patience.is_some() {
            state.judge(net, &evaluation);
        }
        self.tell(|watcher, net| watcher.evaluation(&evaluation, net))
    }

    fn evaluate(&mut self) -> Evaluation {
        let Trainer { net, data, settings, validation, state, .. } = &mut *self.trainer;
        let train = || self.training.as_ref().map_or_else(|| score(net, *data), |part| score(net, part));
        let held_out = self.held_out.as_ref().map(|part| score(net, part));
        let evaluation = Evaluation {
            steps: state.steps,
            epochs: state.steps as f64 / self.plan.steps_per_epoch as f64,
            train: settings.score_training.then(train),
            validation: held_out.or_else(|| validation.as_ref().map(|validation| (validation.score)(net))),
            seconds: state.seconds + self.start.elapsed().as_secs_f64(),
        };
        state.history.evaluations.push(evaluation);
        evaluation
    }

    fn epoch(&mut self) -> ControlFlow<()> {
        let state = &self.trainer.state;
        let steps = usize::try_from(self.plan.steps_per_epoch).unwrap_or(usize::MAX);
        let steps = &state.history.steps[state.history.steps.len().saturating_sub(steps)..];
        // Weighted by samples, because the last batch may have fewer.
        let [sum, samples] = steps.iter().fold([0.0, 0.0], |[sum, samples], step| {
            let count = self.order.samples(step.step) as f64;
            [sum + step.loss * count, samples + count]
        });
        let number = state.steps / self.plan.steps_per_epoch;
        let epoch = Epoch { number, steps: state.steps, loss: sum / samples };
        self.tell(|watcher, net| watcher.epoch(&epoch, net))
    }

    /// Calls all watchers, even if one of them stops the run.
    fn tell(&mut self, mut what: impl FnMut(&mut (dyn Watch<Net> + 'a), &Net) -> ControlFlow<()>) -> ControlFlow<()> {
        let Trainer { watchers, net, .. } = &mut *self.trainer;
        let mut flow = ControlFlow::Continue(());
        for watcher in watchers {
            flow = and(flow, what(&mut **watcher, net));
        }
        flow
    }
}

/// Continues if both do.
fn and(first: ControlFlow<()>, second: ControlFlow<()>) -> ControlFlow<()> {
    if first.is_break() { first } else { second }
}

impl<Net: Network, O, D> Trainer<'_, Net, O, D> {
    /// A copy of the generator in its initial state.
    fn rng(&self) -> ChaCha12Rng {
        ChaCha12Rng::deserialize_state(&self.settings.rng.serialize_state())
    }
}

/// The samples for training and for validation; `None` without a split.
fn parts<'a, Net: Network, O, D: DataFor<Net>>(
    trainer: &Trainer<'a, Net, O, D>,
) -> Result<[Option<Subset<'a, D>>; 2], TrainingError> {
    let Some(share) = trainer.settings.validation_share else { return Ok([None, None]) };
    // A separate stream, so that the split does not affect the order of the samples.
    let mut rng = ChaCha12Rng::from_seed(trainer.settings.rng.get_seed());
    rng.set_stream(1);
    let [held_out, training] = Subset::divide(trainer.data, trainer.data.len(), share, &mut rng)?;
    Ok([Some(training), Some(held_out)])
}

/// Checks the settings.
fn check<Net: Network, O, D>(
    trainer: &Trainer<'_, Net, O, D>,
    samples: usize,
    held_out: Option<&[usize]>,
) -> Result<(), TrainingError> {
    let Trainer { settings, validation, .. } = trainer;
    let judged = validation.is_some() || held_out.is_some() || settings.score_training;
    let problem = if samples == 0 {
        "the training data has no samples"
    } else if settings.batch == 0 {
        "the batch size is 0, but a batch needs at least one sample"
    } else if settings.length == Length::Epochs(0) {
        "`epochs` is 0, but a training run needs at least one epoch"
    } else if settings.length == Length::Steps(0) {
        "`iterations` is 0, but a training run needs at least one step"
    } else if settings.evaluate == Length::Steps(0) {
        "`evaluate_every` is 0 steps, but the interval should be at least 1"
    } else if validation.is_some() && held_out.is_some() {
        "`validation` and `validation_split` are both set, but only one can be used"
    } else if validation.as_ref().is_some_and(|validation| validation.samples == 0) {
        "the validation data has no samples"
    } else if settings.patience.is_some() && !judged {
        "early stopping needs `validation`, `validation_split`, or scores of the training data"
    } else if let Some(Err(problem)) = trainer.augment.as_ref().map(|augment| &augment.check) {
        problem
    } else {
        return check_network(&trainer.net);
    };
    Err(TrainingError::Setting(problem.to_owned()))
}

/// The number of samples in a full batch, if there is enough memory.
fn batch_size<Net: Network, O, D>(trainer: &Trainer<'_, Net, O, D>, samples: usize) -> Result<usize, TrainingError> {
    let Settings { batch, sampling, .. } = trainer.settings;
    let batch = if sampling == Sampling::Shuffled { batch.min(samples) } else { batch };
    // The samples, and the output and gradient of each layer.
    let numbers = Net::Input::DIM + trainer.net.layers().map(|layer| 2 * layer.outputs).sum::<usize>();
    let bytes = batch.saturating_mul(size_of::<usize>() + numbers * size_of::<Net::Scalar>());
    match Vec::<u8>::new().try_reserve_exact(bytes) {
        Ok(()) => Ok(batch),
        Err(_) => Err(TrainingError::Setting(format!("there is not enough memory for a batch of {batch} samples"))),
    }
}

/// Checks that the batches of the first `steps` steps have enough samples for each layer.
fn check_batches<Net: Network>(net: &Net, order: &Order, steps: u64) -> Result<(), TrainingError> {
    let [full, last] = [0, steps.saturating_sub(1)].map(|step| order.samples(step));
    let (batch, samples) = if full <= last { ("a batch", full) } else { ("the last batch of an epoch", last) };
    match first_short_of_samples(net, Path::root(""), samples) {
        Some((layer, needed)) => Err(TrainingError::Setting(format!(
            "`{layer}` needs batches of at least {needed} samples, but {batch} has {samples}: use another batch size"
        ))),
        None => Ok(()),
    }
}

/// Checks that the layers' settings are within their ranges, and that the parameters are finite before the first step.
fn check_network<Net: Network>(net: &Net) -> Result<(), TrainingError> {
    if let Some(error) = first_invalid_setting(net) {
        return Err(TrainingError::Setting(error.to_string()));
    }
    match first_not_finite(net) {
        Some(name) => Err(TrainingError::Setting(format!("`{name}` is not finite before the first step"))),
        None => Ok(()),
    }
}

/// The buffers for batches of one size.
struct Work<Net: Network> {
    x: Samples<Net::Scalar, Dyn, Net::Input>,
    /// The samples before they are augmented.
    images: Option<Samples<Net::Scalar, Dyn, Net::Input>>,
    target: TargetOf<Net, Dyn>,
    tape: Tape<Net, Dyn>,
}

impl<Net: Network> Work<Net> {
    fn new(samples: usize) -> Self {
        let samples = Dyn(samples);
        Self {
            x: Samples::zeros(samples, Net::Input::name()),
            images: None,
            target: Target::empty(samples),
            tape: Net::tape(samples),
        }
    }
}
