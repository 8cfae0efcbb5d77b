//! One run of a trainer.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};
use std::time::Instant;

use nalgebra::{DimName, Dyn};
use rand::rngs::ChaCha12Rng;
use rand::{Rng, SeedableRng};

use crate::data::Subset;
use crate::kernels::mix;
use crate::losses::Loss;
use crate::matrix::Samples;
use crate::metrics::score;
use crate::networks::DataFor;
use crate::networks::{Network, Tape, TargetOf};
use crate::optimizers::{Optimizer, Schedule};
use crate::parameters::{Path, Twins, first_invalid_setting, first_not_finite, first_short_of_samples, walk};
use crate::scalar::Scalar;
use crate::target::Target;
use crate::training::divergence::{Divergence, Place};
use crate::training::divergence::{has_exploded, is_suspicious, largest, largest_in};
use crate::training::error::TrainingError;
use crate::training::history::{Evaluation, Metric, Step};
use crate::training::order::Order;
use crate::training::order::Sampling;
use crate::training::plateau::Plateau;
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
            metrics: Vec::new(),
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

/// The number of samples whose classes are read at a time.
const CHUNK: usize = 256;

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
    /// The largest number of samples in a part of a batch; that of a batch without [`Trainer::accumulate`].
    part: usize,
    /// Buffers for each number of samples in a part: at most three, because the last part of a batch may be smaller.
    work: Vec<Work<Net>>,
    /// The sum of the gradients of a batch's parts.
    gradient: Option<Net>,
    snapshots: Snapshots<Net>,
    plateau: Option<Plateau>,
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
        let [batch, part] = batch_size(trainer, samples.len())?;
        let mut order = Order::new(samples, batch, trainer.settings.sampling, trainer.rng());
        if trainer.settings.sampling == Sampling::Balanced && !order.balance(&classes(trainer, order.among())) {
            let problem = "`Sampling::Balanced` needs samples with a class: labels that the loss does not ignore, or \
                           targets of 0 and 1 for one output of `SigmoidWithLoss`";
            return Err(TrainingError::Setting(problem.to_owned()));
        }
        if let Some(state) = trainer.state.order {
            order.restore(&state, trainer.state.steps);
        }
        let steps_per_epoch = order.steps_per_epoch();
        let steps = trainer.settings.length.steps(steps_per_epoch);
        check_batches(&trainer.net, &order, part, steps.min(steps_per_epoch))?;
        Ok(Self {
            plan: Plan { done: trainer.state.steps, steps, steps_per_epoch },
            evaluate: trainer.settings.evaluate.steps(steps_per_epoch),
            part,
            work: vec![Work::new(part)],
            gradient: None,
            noise: trainer.rng().next_u64(),
            snapshots: Snapshots::new(&trainer.net, trainer.state.steps),
            plateau: trainer
                .settings
                .plateau
                .map(|(factor, patience)| Plateau::new(factor, patience, &trainer.state.history.evaluations)),
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
        self.check_parameters()?; // the callbacks of the last step may have changed them
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
        let Trainer { net, settings, state, .. } = &*self.trainer;
        let step = state.steps;
        let learning_rate = settings.schedule.rate(step) * self.plateau.as_ref().map_or(1.0, |plateau| plateau.scale);
        if !(learning_rate.is_finite() && learning_rate >= 0.0) {
            let problem =
                format!("the learning rate of step {step} is {learning_rate}, but should be 0 or a positive number");
            return Err(TrainingError::Setting(problem));
        }
        if !self.trainer.watchers.is_empty()
            && let Some(error) = first_invalid_setting(net)
        {
            return Err(TrainingError::Setting(error.to_string())); // set by a callback
        }
        self.snapshots.offer(net, step);
        let samples = self.order.next(step).len();
        let loss = if samples <= self.part {
            self.descend(step, samples, learning_rate)?
        } else {
            self.descend_in_parts(step, samples, learning_rate)?
        };
        self.snapshots.confirm();
        let state = &mut self.trainer.state;
        state.steps += 1;
        state.order = Some(self.order.state(state.steps));
        let step = Step { step, loss, learning_rate };
        state.history.steps.push(step);
        Ok(self.tell(|watcher, net| watcher.step(&step, net)))
    }

    /// Takes one step along the gradient of a whole batch; returns its loss.
    fn descend(&mut self, step: u64, samples: usize, learning_rate: f64) -> Result<f64, TrainingError> {
        let place = self.load(step, 0..samples);
        let Trainer { net, optimizer, .. } = &mut *self.trainer;
        let Work { x, target, tape, .. } = &mut self.work[place];
        let loss = optimizer.descend_with(net, x, target, learning_rate, tape).as_f64();
        self.check_loss(place, step, loss, learning_rate)?;
        Ok(loss)
    }

    /// Takes one step along the sum of the gradients of a batch's parts; returns the loss of the batch.
    fn descend_in_parts(&mut self, step: u64, samples: usize, learning_rate: f64) -> Result<f64, TrainingError> {
        let mut gradient = self.gradient.take().unwrap_or_else(Net::zeros);
        gradient.set_to_zero();
        let [mut loss, mut weight] = [0.0; 2];
        for first in (0..samples).step_by(self.part) {
            let part = first..samples.min(first + self.part);
            let share = part.len() as f64 / samples as f64;
            let [loss_of_part, weight_of_part] = self.add_part(step, part, share, learning_rate, &mut gradient)?;
            loss += weight_of_part * loss_of_part;
            weight += weight_of_part;
        }
        // Without any weight, the gradient and the loss are already 0.
        let divisor = if weight > 0.0 { weight } else { 1.0 };
        divide(&mut gradient, divisor);
        self.trainer.optimizer.step(&mut self.trainer.net, &gradient, learning_rate);
        self.gradient = Some(gradient);
        Ok(loss / divisor)
    }

    /// Adds the gradient of a part, times the weight of its samples, and its share of the statistics.
    ///
    /// Returns the mean loss of the part and that weight.
    fn add_part(
        &mut self,
        step: u64,
        part: Range<usize>,
        share: f64,
        learning_rate: f64,
        gradient: &mut Net,
    ) -> Result<[f64; 2], TrainingError> {
        let samples = part.len();
        let place = self.load(step, part);
        let net = &self.trainer.net;
        let Work { x, target, tape, .. } = &mut self.work[place];
        let weight = net.loss_fn().total_weight(samples, target);
        let backward = tape.forward(net, x).backward(target);
        let loss = backward.loss().as_f64();
        backward.add_part(Net::Scalar::of(weight), Net::Scalar::of(share), gradient);
        self.check_loss(place, step, loss, learning_rate)?;
        Ok([loss, weight])
    }

    /// Gathers a part of the step's batch, and returns the index of its buffers.
    fn load(&mut self, step: u64, part: Range<usize>) -> usize {
        let Trainer { data, augment, .. } = &*self.trainer;
        let place = self.work.iter().position(|work| work.x.nrows() == part.len());
        let place = place.unwrap_or_else(|| {
            self.work.push(Work::new(part.len()));
            self.work.len() - 1
        });
        let Work { x, images, target, tape } = &mut self.work[place];
        tape.set_noise_from(self.noise, step, part.start);
        let first = part.start;
        let samples = &self.order.batch(step)[part];
        if let Some(augment) = augment {
            let images = images.get_or_insert_with(|| x.clone());
            data.gather_into(samples, images, target);
            (augment.apply)(first, images, x, mix(mix(self.noise, step), AUGMENT));
        } else {
            data.gather_into(samples, x, target);
        }
        place
    }

    /// Checks the loss of a batch or a part, and restores the last good weights after a divergence.
    fn check_loss(&mut self, place: usize, step: u64, loss: f64, learning_rate: f64) -> Result<(), TrainingError> {
        let Trainer { net, data, state, .. } = &mut *self.trainer;
        let Work { x, target, tape, .. } = &self.work[place];
        let first_loss = state.history.steps.first().map_or(loss, |first| first.loss);
        let mut largest_in_data = || *self.largest_in_data.get_or_insert_with(|| largest_in(*data));
        let suspicious = is_suspicious(loss, first_loss);
        if !(suspicious && (!loss.is_finite() || has_exploded::<Net>(tape, largest_in_data()))) {
            return Ok(());
        }
        let place = Place::find::<Net>(tape, x, target, loss);
        let largest_input = largest(x.data.values());
        let restored = self.snapshots.restore(net);
        let divergence = Divergence { step, loss, first_loss, learning_rate, place, largest_input, restored };
        Err(TrainingError::Diverged(Box::new(divergence)))
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
            largest_input: largest(self.work[0].x.data.values()),
            restored: self.snapshots.restore(net),
        })))
    }

    /// Evaluates the network, for early stopping and the watchers.
    fn evaluation(&mut self) -> ControlFlow<()> {
        let evaluation = self.evaluate();
        if let Some(plateau) = &mut self.plateau {
            plateau.observe(&evaluation);
        }
        let Trainer { net, settings, state, .. } = &mut *self.trainer;
        if settings.patience.is_some() {
            state.judge(net, &evaluation);
        }
        self.tell(|watcher, net| watcher.evaluation(&evaluation, net))
    }

    fn evaluate(&mut self) -> Evaluation {
        let Trainer { net, data, settings, validation, metrics, state, .. } = &mut *self.trainer;
        let train = || self.training.as_ref().map_or_else(|| score(net, *data), |part| score(net, part));
        let held_out = self.held_out.as_ref().map(|part| score(net, part));
        let evaluation = Evaluation {
            steps: state.steps,
            epochs: state.steps as f64 / self.plan.steps_per_epoch as f64,
            train: settings.score_training.then(train),
            validation: held_out.or_else(|| validation.as_ref().map(|validation| (validation.score)(net))),
            metrics: metrics.iter().map(|metric| Metric::new(&*metric.name, (metric.value)(net))).collect(),
            seconds: state.seconds + self.start.elapsed().as_secs_f64(),
        };
        state.history.evaluations.push(evaluation.clone());
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
    fn tell(
        &mut self,
        mut what: impl FnMut(&mut (dyn Watch<Net> + 'a), &mut Net) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
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
    let mut names = BTreeSet::new();
    if let Some(twice) = trainer.metrics.iter().find(|metric| metric.name.is_empty() || !names.insert(&metric.name)) {
        let name = &twice.name;
        return Err(TrainingError::Setting(if name.is_empty() {
            "a `metric` has an empty name".to_owned()
        } else {
            format!("two metrics have the name `{name}`, but names should differ")
        }));
    }
    let factor = settings.plateau.map_or(0.5, |(factor, _)| factor);
    if !(factor > 0.0 && factor < 1.0) {
        let problem = format!("the factor of `reduce_on_plateau` is {factor}, but should be between 0 and 1");
        return Err(TrainingError::Setting(problem));
    }
    let problem = if samples == 0 {
        "the training data has no samples"
    } else if settings.batch == 0 {
        "the batch size is 0, but a batch needs at least one sample"
    } else if settings.parts == 0 {
        "`accumulate` is 0, but a batch has at least one part"
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
    } else if settings.plateau.is_some() && !judged {
        "`reduce_on_plateau` needs `validation`, `validation_split`, or scores of the training data"
    } else if let Some(Err(problem)) = trainer.augment.as_ref().map(|augment| &augment.check) {
        problem
    } else {
        return check_network(&trainer.net);
    };
    Err(TrainingError::Setting(problem.to_owned()))
}

/// The number of samples in a full batch and in a part of it, if there is enough memory.
fn batch_size<Net: Network, O, D>(
    trainer: &Trainer<'_, Net, O, D>,
    samples: usize,
) -> Result<[usize; 2], TrainingError> {
    let Settings { batch, parts, sampling, .. } = trainer.settings;
    let batch = if sampling.is_shuffled() { batch.min(samples) } else { batch };
    let part = batch.div_ceil(parts);
    // The samples, and the output and gradient of each layer.
    let numbers = Net::Input::DIM + trainer.net.layers().map(|layer| 2 * layer.outputs).sum::<usize>();
    let bytes = part.saturating_mul(numbers * size_of::<Net::Scalar>());
    let bytes = bytes.saturating_add(batch.saturating_mul(size_of::<usize>()));
    match Vec::<u8>::new().try_reserve_exact(bytes) {
        Ok(()) => Ok([batch, part]),
        Err(_) => Err(TrainingError::Setting(format!("there is not enough memory for a batch of {batch} samples"))),
    }
}

/// Checks that the batches of the first `steps` steps, and their parts, have enough samples for each layer.
fn check_batches<Net: Network>(net: &Net, order: &Order, part: usize, steps: u64) -> Result<(), TrainingError> {
    let [full, last] = [0, steps.saturating_sub(1)].map(|step| order.samples(step));
    let smallest = |samples: usize| if samples.is_multiple_of(part) { part } else { samples % part };
    let (batch, size) =
        if smallest(full) <= smallest(last) { ("a batch", full) } else { ("the last batch of an epoch", last) };
    let (batch, samples) = (if size > part { format!("a part of {batch}") } else { batch.to_owned() }, smallest(size));
    let way_out = match (size > part, size < full) {
        (true, _) => "use another batch size or number of parts",
        (false, true) => "use `Sampling::WholeBatches` or another batch size",
        (false, false) => "use another batch size",
    };
    match first_short_of_samples(net, Path::root(""), samples) {
        Some((layer, needed)) => Err(TrainingError::Setting(format!(
            "`{layer}` needs batches of at least {needed} samples, but {batch} has {samples}: {way_out}"
        ))),
        None => Ok(()),
    }
}

/// The class of each of these samples, or `None` without one.
fn classes<Net: Network, O, D: DataFor<Net>>(
    trainer: &Trainer<'_, Net, O, D>,
    samples: &[usize],
) -> Vec<Option<usize>> {
    let mut classes = Vec::with_capacity(samples.len());
    for samples in samples.chunks(CHUNK) {
        let count = Dyn(samples.len());
        let (mut x, mut target) = (Samples::zeros(count, Net::Input::name()), D::Target::empty(count));
        trainer.data.gather_into(samples, &mut x, &mut target);
        let loss = trainer.net.loss_fn();
        classes.extend((0..samples.len()).map(|sample| loss.class_of::<Net::Scalar, Dyn>(&target, sample)));
    }
    classes
}

/// Divides all values of a gradient, except running statistics.
fn divide<Net: Network>(gradient: &mut Net, divisor: f64) {
    let factor = Net::Scalar::of(1.0 / divisor);
    walk(gradient, [], [], Path::root(""), &mut |_, twins| {
        if let Twins::Parameter { kind, values, .. } = twins
            && kind.is_learned()
        {
            values.iter_mut().for_each(|value| *value *= factor);
        }
    });
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
