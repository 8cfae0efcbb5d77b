//! The range test of learning rates.

use std::mem::{replace, take};
use std::ops::ControlFlow;

use rand::rngs::ChaCha12Rng;

use crate::networks::{DataFor, Network};
use crate::optimizers::{Optimizer, Schedule};
use crate::training::error::TrainingError;
use crate::training::history::Step;
use crate::training::settings::{Length, Settings};
use crate::training::trainer::Trainer;
use crate::training::watch::Watch;

/// The share of the earlier losses in a smoothed loss.
const SMOOTHING: f64 = 0.9;
/// The ratio of a smoothed loss to the smallest one at which the test stops.
const STOP: f64 = 4.0;

/// The losses at rising learning rates; see [`Trainer::range_test`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RangeTest {
    /// The learning rate of each step, from the lowest to the last one with a finite loss.
    pub rates: Vec<f64>,
    /// The smoothed loss of each step: the mean of the losses so far, with weights that fall by 0.9 each step.
    pub losses: Vec<f64>,
    /// The rate at the steepest descent of the smoothed loss; `None` if the loss does not fall.
    ///
    /// The descent at a step is the difference of its two neighbors, over the logarithm of the rate. Only steps before
    /// the smallest loss count, without the first tenth of all steps, where few losses are averaged.
    pub suggestion: Option<f64>,
}

impl RangeTest {
    /// A test with these rates and smoothed losses, and its suggestion.
    pub fn new(rates: Vec<f64>, losses: Vec<f64>) -> Self {
        let suggestion = steepest(&losses).and_then(|place| rates.get(place).copied());
        Self { rates, losses, suggestion }
    }
}

/// The index of the steepest descent.
fn steepest(losses: &[f64]) -> Option<usize> {
    let smallest = (0..losses.len()).min_by(|&one, &other| losses[one].total_cmp(&losses[other]))?;
    let inner = (losses.len() / 10).max(1)..smallest.min(losses.len() - 1);
    let descents = inner.map(|place| (place, losses[place - 1] - losses[place + 1]));
    let falling = descents.filter(|(_, descent)| *descent > 0.0);
    falling.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(place, _)| place)
}

/// Smooths losses, without the bias toward 0 at the beginning.
#[derive(Debug, Default)]
struct Smoothed {
    sum: f64,
    weight: f64,
    smallest: Option<f64>,
}

impl Smoothed {
    /// The smoothed loss, given the next one.
    fn next(&mut self, loss: f64) -> f64 {
        self.sum = SMOOTHING * self.sum + (1.0 - SMOOTHING) * loss;
        self.weight = SMOOTHING * self.weight + (1.0 - SMOOTHING);
        self.sum / self.weight
    }
}

/// Stops when the loss has risen far above the smallest one.
impl<Net> Watch<Net> for Smoothed {
    fn step(&mut self, step: &Step, _: &mut Net) -> ControlFlow<()> {
        let loss = self.next(step.loss);
        let smallest = self.smallest.get_or_insert(loss);
        *smallest = smallest.min(loss);
        // The same as a ratio for a positive loss; a loss below 0 may rise by as much.
        if loss - *smallest > (STOP - 1.0) * smallest.abs() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl<Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Trainer<'_, Net, O, D> {
    /// Measures the loss at learning rates that rise exponentially from `low` to `high` over `steps` steps.
    ///
    /// The rate of step `t` is `low · (high / low)^(t / (steps - 1))`. The steps have the trainer's optimizer and settings,
    /// such as the batch size, but not its callbacks. The test stops when the loss is not finite, or when the smoothed loss
    /// is more than 4 times the smallest one. Afterwards the network, the optimizer and the history are as before.
    ///
    /// A good first rate is the [suggestion](RangeTest::suggestion), at the steepest descent. For `steps`, take an epoch
    /// or at least 100. Smith, "Cyclical Learning Rates for Training Neural Networks" (2017).
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// # use typenet::optimizers::{Adam, Schedule};
    /// # use typenet::training::{Trainer, TrainingError};
    /// # use typenet::{DataFor, Network};
    /// # fn train<Net: Network, D: DataFor<Net>>(net: Net, data: &D) -> Result<f64, TrainingError> {
    /// let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.001), data);
    /// let found = trainer.range_test(1e-6, 1.0, 200)?;
    /// for (rate, loss) in found.rates.iter().zip(&found.losses) {
    ///     println!("{rate:.1e} {loss:.4}");
    /// }
    /// # Ok(found.suggestion.unwrap_or(0.001))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`TrainingError::Setting`] unless `0 < low < high` and there are at least 2 steps, and the errors of
    /// [`run`](Self::run), except a divergence.
    #[doc(alias("learning rate finder", "lr_find"))]
    pub fn range_test(&mut self, low: f64, high: f64, steps: u64) -> Result<RangeTest, TrainingError> {
        if !(low > 0.0 && low < high && high.is_finite() && steps >= 2) {
            return Err(TrainingError::Setting(format!(
                "a range test from a rate of {low} to {high} in {steps} steps should have 0 < low < high and 2 steps"
            )));
        }
        let schedule = Schedule::exponential(low, (high / low).powf(1.0 / (steps - 1) as f64));
        let settings = Settings {
            batch: self.settings.batch,
            parts: self.settings.parts,
            shards: self.settings.shards,
            sampling: self.settings.sampling,
            validation_share: self.settings.validation_share,
            rng: ChaCha12Rng::deserialize_state(&self.settings.rng.serialize_state()),
            length: Length::Steps(steps),
            evaluate: Length::Steps(u64::MAX),
            score_training: false,
            ..Settings::new(schedule)
        };
        let settings = replace(&mut self.settings, settings);
        let (state, validation) = (take(&mut self.state), self.validation.take());
        let (metrics, watchers) = (take(&mut self.metrics), take(&mut self.watchers));
        let (net, common) = (copy(&self.net), *self.optimizer.common());
        let states: Vec<Net> = self.optimizer.states().iter().map(copy).collect();

        self.watchers.push(Box::new(Smoothed::default()));
        let result = (self.run)(self);

        self.net.copy_from(&net);
        self.optimizer.states_mut().iter_mut().zip(&states).for_each(|(state, before)| state.copy_from(before));
        *self.optimizer.common_mut() = common;
        (self.settings, self.validation, self.metrics, self.watchers) = (settings, validation, metrics, watchers);
        let steps = replace(&mut self.state, state).history.steps;
        match result {
            Ok(_) | Err(TrainingError::Diverged(_)) => {
                let mut smoothed = Smoothed::default();
                let losses = steps.iter().map(|step| smoothed.next(step.loss)).collect();
                Ok(RangeTest::new(steps.iter().map(|step| step.learning_rate).collect(), losses))
            }
            Err(error) => Err(error),
        }
    }
}

fn copy<Net: Network>(net: &Net) -> Net {
    let mut copy = Net::default();
    copy.copy_from(net);
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suggestion_is_at_the_steepest_descent() {
        let rates: Vec<f64> = (0..8).map(f64::from).collect();
        let test = |losses: &[f64]| RangeTest::new(rates.clone(), losses.to_vec()).suggestion;
        assert_eq!(test(&[5.0, 4.9, 4.5, 3.0, 2.0, 1.9, 2.5, 9.0]), Some(3.0));
        assert_eq!(test(&[5.0, 5.0, 5.0, 5.0, 6.0, 5.0, 1.0, 9.0]), Some(5.0));
        assert_eq!(test(&[1.0, 2.0, 1.5, 3.0, 4.0, 5.0, 6.0, 7.0]), None);
        assert_eq!((test(&[]), test(&[1.0]), test(&[2.0, 1.0])), (None, None, None));
    }

    #[test]
    fn smoothing_has_no_bias_at_the_beginning() {
        let mut smoothed = Smoothed::default();
        assert!((0..20).all(|_| (smoothed.next(3.0) - 3.0).abs() < 1e-12));
        assert!((smoothed.next(4.0) - 3.1).abs() < 0.02);
    }
}
