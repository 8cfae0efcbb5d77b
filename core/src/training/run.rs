//! One run of a trainer.

use std::ops::ControlFlow;
use std::time::Instant;

use rand::Rng;
use rand::rngs::ChaCha12Rng;

use crate::data::Subset;
use crate::networks::{DataFor, Network};
use crate::optimizers::{Optimizer, Schedule};
use crate::training::check::{batch_size, check, check_batches, classes, parts};
use crate::training::collective::{Ranks, Single};
use crate::training::error::TrainingError;
use crate::training::order::{Order, Sampling};
use crate::training::plateau::Plateau;
use crate::training::settings::Settings;
use crate::training::snapshot::Snapshots;
use crate::training::state::State;
use crate::training::sum::{Messages, Sum};
use crate::training::trainer::{Stop, Trainer};
use crate::training::watch::{Epoch, Plan, Watch};
use crate::training::work::Work;

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
            collective: &Single,
            run: |trainer| Run::together(trainer)?.run(),
            #[cfg(feature = "checkpoint")]
            take_over: Self::take_over,
        }
    }
}

/// One call of [`Trainer::run`].
pub(super) struct Run<'t, 'a, Net: Network, O, D> {
    pub(super) trainer: &'t mut Trainer<'a, Net, O, D>,
    pub(super) order: Order,
    /// The samples to train on; `None` for all data.
    pub(super) training: Option<Subset<'a, D>>,
    /// The samples that were split off for validation.
    pub(super) held_out: Option<Subset<'a, D>>,
    pub(super) plan: Plan,
    pub(super) evaluate: u64,
    /// The largest number of samples in a part of a batch; that of a batch without [`Trainer::accumulate`].
    pub(super) part: usize,
    /// Buffers for each number of samples in a part: at most three, because the last part of a batch may be smaller.
    pub(super) work: Vec<Work<Net>>,
    /// The sum of the gradients of a batch's parts.
    pub(super) gradient: Option<Net>,
    /// The sums of the shards, for each depth of their tree.
    pub(super) sums: Vec<Sum<Net>>,
    pub(super) ranks: Ranks<'a>,
    pub(super) messages: Messages<Net::Scalar>,
    /// True after a callback on this rank has stopped the run.
    pub(super) stopping: bool,
    pub(super) snapshots: Snapshots<Net>,
    pub(super) plateau: Option<Plateau>,
    /// The seed of the noise in layers such as dropout.
    pub(super) noise: u64,
    /// The largest number in the data, computed at first use.
    pub(super) largest_in_data: Option<f64>,
    pub(super) start: Instant,
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
        check_batches(&trainer.net, &order, part, trainer.shard_count(), steps.min(steps_per_epoch))?;
        Ok(Self {
            plan: Plan { done: trainer.state.steps, steps, steps_per_epoch, rank: trainer.rank() },
            evaluate: trainer.settings.evaluate.steps(steps_per_epoch),
            part,
            work: vec![Work::new(part)],
            gradient: None,
            sums: Vec::new(),
            ranks: Ranks::new(trainer.collective),
            messages: Messages::new(),
            stopping: false,
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
        let stop = stop.and_then(|stop| self.finish(stop).map(|()| stop));
        self.trainer.watchers.iter_mut().for_each(|watcher| watcher.end());
        self.trainer.state.seconds = self.seconds();
        stop
    }

    /// The training time in seconds so far.
    fn seconds(&self) -> f64 {
        self.trainer.state.seconds + self.start.elapsed().as_secs_f64()
    }

    /// Restores the best network with early stopping, or evaluates the last one if a watcher stopped the run.
    ///
    /// No rank finishes if another one has failed.
    fn finish(&mut self, stop: Stop) -> Result<(), TrainingError> {
        self.ranks.meet()?;
        let Trainer { net, settings, state, .. } = &mut *self.trainer;
        if settings.patience.is_some() && state.best.is_some() {
            state.end_with_best(net);
        } else if stop == Stop::Watcher {
            self.passing_evaluation()?;
        }
        Ok(())
    }

    /// Evaluates the network after a watcher stopped the run. Continuing discards this evaluation.
    fn passing_evaluation(&mut self) -> Result<(), TrainingError> {
        let state = &mut self.trainer.state;
        if state.history.evaluations.last().is_none_or(|last| last.steps < state.steps) {
            state.passing = true;
            let evaluation = self.evaluate()?;
            let _ = self.tell(|watcher, net| watcher.evaluation(&evaluation, net)); // the run has already ended
        }
        Ok(())
    }

    fn steps(&mut self) -> Result<Stop, TrainingError> {
        if self.has_waited_enough() {
            return Ok(Stop::NoImprovement);
        }
        if self.begins_with_evaluation() {
            let flow = self.evaluation()?;
            if self.together_if(flow).is_break() {
                return Ok(Stop::Watcher);
            }
        }
        while self.trainer.state.steps < self.plan.steps {
            let (mut flow, all) = self.step()?;
            let done = self.trainer.state.steps;
            if done.is_multiple_of(self.evaluate) || done == self.plan.steps {
                self.check_parameters()?;
                flow = and(flow, self.evaluation()?);
            }
            if done.is_multiple_of(self.plan.steps_per_epoch) {
                flow = and(flow, self.epoch());
            }
            if self.has_waited_enough() {
                return Ok(Stop::NoImprovement);
            }
            if and(self.together_if(flow), all).is_break() {
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

    /// Stops a single process; with several ranks, the next step tells all of them.
    fn together_if(&mut self, flow: ControlFlow<()>) -> ControlFlow<()> {
        if self.ranks.size() == 1 {
            return flow;
        }
        self.stopping |= flow.is_break();
        ControlFlow::Continue(())
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
    pub(super) fn tell(
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
