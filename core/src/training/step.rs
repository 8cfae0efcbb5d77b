//! One step of a training run, on a whole batch or in parts.

use std::ops::{ControlFlow, Range};

use crate::kernels::mix;
use crate::losses::Loss;
use crate::networks::{DataFor, Network};
use crate::optimizers::Optimizer;
use crate::parameters::{first_invalid_setting, first_not_finite};
use crate::scalar::Scalar;
use crate::training::divergence::{Divergence, Place};
use crate::training::divergence::{has_exploded, is_suspicious, largest, largest_in};
use crate::training::error::TrainingError;
use crate::training::history::Step;
use crate::training::run::Run;
use crate::training::sum::scale;
use crate::training::trainer::Trainer;
use crate::training::work::Work;

/// A number for the noise of augmentation, which no layer has.
const AUGMENT: u64 = u64::MAX;

impl<Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Run<'_, '_, Net, O, D> {
    /// Runs one step on the next batch; returns whether this rank's callbacks continue, and whether those of all ranks did.
    pub(super) fn step(&mut self) -> Result<(ControlFlow<()>, ControlFlow<()>), TrainingError> {
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
        let mut all = ControlFlow::Continue(());
        let loss = if self.trainer.shard_count() > 1 {
            let (loss, flow) = self.descend_in_shards(step, samples, learning_rate)?;
            all = flow;
            loss
        } else if samples <= self.part {
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
        Ok((self.tell(|watcher, net| watcher.step(&step, net)), all))
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
        scale(&mut gradient, 1.0 / divisor);
        self.trainer.optimizer.step(&mut self.trainer.net, &gradient, learning_rate);
        self.gradient = Some(gradient);
        Ok(loss / divisor)
    }

    /// Adds the gradient of a part, times the weight of its samples, and its share of the statistics.
    ///
    /// Returns the mean loss of the part and that weight.
    pub(super) fn add_part(
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
    pub(super) fn check_parameters(&mut self) -> Result<(), TrainingError> {
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
}
