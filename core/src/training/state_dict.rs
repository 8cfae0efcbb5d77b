//! Converts the state of a training run to and from tensors.

use std::collections::BTreeMap;

use crate::formats::checkpoint::{BEST, NETWORK, Problem, Progress, Slot, Tensor, Tensors};
use crate::metrics::Score;
use crate::networks::Network;
use crate::optimizers::Optimizer;
use crate::training::history::{Evaluation, History, Metric, Step};
use crate::training::state::{Best, State};
use crate::training::trainer::Trainer;

const BEST_LOSS: &str = "history.best_loss";
const LOSS: &str = "history.loss";
const LEARNING_RATE: &str = "history.learning_rate";
const EVALUATIONS: &str = "history.evaluations";
const METRICS: &str = "history.metrics";
/// The number of values that encode an evaluation.
const COLUMNS: usize = 8;
/// An upper bound for step counts; an `f64` represents all integers below it.
const MOST: u64 = 1 << 53;

impl<Net: Network, O: Optimizer<Net>, D> Trainer<'_, Net, O, D> {
    /// The progress and settings to store.
    pub(super) fn progress(&self, seconds: f64, settings: BTreeMap<String, String>) -> Progress {
        let Self { optimizer, state, .. } = self;
        Progress {
            steps: state.history.steps.len() as u64,
            evaluations: state.history.evaluations.len() as u64,
            seconds,
            metrics: state.history.metric_names().into_iter().map(str::to_owned).collect(),
            best: state.best.is_some(),
            waited: state.waited as u64,
            generator: state.order.map(|state| state.to_vec()),
            optimizer: optimizer.name().to_owned(),
            optimizer_steps: optimizer.common().steps,
            settings,
        }
    }

    /// The tensors of the state, except the network itself.
    pub(super) fn tensors(&self) -> Vec<Tensor> {
        let Self { optimizer, state: State { history, best, .. }, .. } = self;
        let History { steps, evaluations } = history;
        let mut tensors = vec![
            Tensor::doubles(LOSS, &[steps.len()], steps.iter().map(|step| step.loss)),
            Tensor::doubles(LEARNING_RATE, &[steps.len()], steps.iter().map(|step| step.learning_rate)),
            Tensor::doubles(EVALUATIONS, &[evaluations.len(), COLUMNS], evaluations.iter().flat_map(to_row)),
        ];
        let names = history.metric_names();
        if !names.is_empty() {
            let values = evaluations.iter().flat_map(|evaluation| metrics_to_row(evaluation, &names));
            tensors.push(Tensor::doubles(METRICS, &[evaluations.len(), 2 * names.len()], values));
        }
        for (name, state) in optimizer.state_names().iter().zip(optimizer.states()) {
            tensors.extend(Tensor::parameters(&prefix(name), state));
        }
        if let Some(Best { net, loss }) = best {
            tensors.extend(Tensor::network(BEST, net));
            tensors.push(Tensor::doubles(BEST_LOSS, &[1], [*loss].into_iter()));
        }
        tensors
    }

    /// The names, types and shapes of the tensors in a file with this progress.
    pub(super) fn slots(&self, training: &Progress) -> Vec<Slot> {
        let [steps, evaluations] =
            [training.steps, training.evaluations].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let mut slots = Slot::network(NETWORK, &self.net);
        for name in self.optimizer.state_names() {
            slots.extend(Slot::parameters(&prefix(name), &self.net));
        }
        if training.best {
            slots.extend(Slot::network(BEST, &self.net));
            slots.push(Slot::doubles(BEST_LOSS, &[1]));
        }
        slots.push(Slot::doubles(LOSS, &[steps]));
        slots.push(Slot::doubles(LEARNING_RATE, &[steps]));
        slots.push(Slot::doubles(EVALUATIONS, &[evaluations, COLUMNS]));
        if !training.metrics.is_empty() {
            slots.push(Slot::doubles(METRICS, &[evaluations, 2 * training.metrics.len()]));
        }
        slots
    }

    /// Restores a stored state.
    pub(super) fn restore(&mut self, training: &Progress, mut tensors: Tensors) -> Result<(), Problem> {
        let (order, waited) = check(training)?;
        tensors.fill_checked(NETWORK, &mut self.net)?;
        let names = self.optimizer.state_names();
        for (name, state) in names.iter().zip(self.optimizer.states_mut()) {
            tensors.fill(&prefix(name), state);
        }
        self.optimizer.common_mut().steps = training.optimizer_steps;
        let best = training.best.then(|| best(&mut tensors)).transpose()?;
        let (steps, seconds, history) = (training.steps, training.seconds, history(&training.metrics, &mut tensors));
        self.state = State { steps, order, history, passing: false, seconds, best, waited, last: None };
        Ok(())
    }
}

/// The prefix of the tensors of an optimizer's state.
fn prefix(state: &str) -> String {
    format!("optimizer.{state}.")
}

/// Checks the values in a file; returns the generator's state and `waited`.
fn check(training: &Progress) -> Result<(Option<[u8; 49]>, usize), Problem> {
    let Progress { steps, evaluations, waited, optimizer_steps, generator, seconds, .. } = training;
    let generator = generator.as_deref().map(<[u8; 49]>::try_from).transpose();
    let generator = generator.map_err(|_| "holds a generator state that does not have 49 bytes".to_owned())?;
    let possible = waited <= evaluations && *optimizer_steps < MOST && *steps < MOST && *seconds >= 0.0;
    match usize::try_from(*waited) {
        Ok(waited) if possible && (*steps == 0) == generator.is_none() => Ok((generator, waited)),
        _ => Err("holds an impossible number of steps, evaluations or seconds".to_owned().into()),
    }
}

fn best<Net: Network>(tensors: &mut Tensors) -> Result<Best<Net>, Problem> {
    let mut best = Best { net: Net::default(), loss: f64::INFINITY };
    tensors.fill_checked(BEST, &mut best.net)?;
    best.loss = tensors.doubles(BEST_LOSS).first().copied().unwrap_or(best.loss);
    Ok(best)
}

fn history(metrics: &[String], tensors: &mut Tensors) -> History {
    let (losses, rates) = (tensors.doubles(LOSS), tensors.doubles(LEARNING_RATE));
    let steps = (0..).zip(losses).zip(rates);
    let steps = steps.map(|((step, loss), learning_rate)| Step { step, loss, learning_rate }).collect();
    let rows = tensors.doubles(EVALUATIONS);
    let mut evaluations: Vec<_> = rows.chunks_exact(COLUMNS).map(from_row).collect();
    if !metrics.is_empty() {
        let rows = tensors.doubles(METRICS);
        for (evaluation, row) in evaluations.iter_mut().zip(rows.chunks_exact(2 * metrics.len())) {
            evaluation.metrics = metrics_from_row(row, metrics);
        }
    }
    History { steps, evaluations }
}

/// Encodes the metrics of an evaluation: a value for each name, and 1 if it is present, else 0.
fn metrics_to_row(evaluation: &Evaluation, names: &[&str]) -> Vec<f64> {
    let value = |name: &&str| evaluation.metric(name).map_or([0.0, 0.0], |value| [value, 1.0]);
    names.iter().flat_map(value).collect()
}

fn metrics_from_row(row: &[f64], names: &[String]) -> Vec<Metric> {
    let all = row.chunks_exact(2).zip(names).filter(|(pair, _)| pair[1] != 0.0);
    all.map(|(pair, name)| Metric::new(name, pair[0])).collect()
}

/// Encodes an evaluation. Missing scores are NaN; the last number holds a flag for each score that is present.
fn to_row(evaluation: &Evaluation) -> [f64; COLUMNS] {
    let Evaluation { steps, epochs, train, validation, seconds, .. } = *evaluation;
    let score = |score: Option<Score>| [score.map(|score| score.loss), score.and_then(|score| score.accuracy)];
    let [train, validation] = [train, validation].map(score);
    let scores = [train[0], train[1], validation[0], validation[1]];
    let present = scores.iter().zip([1.0, 2.0, 4.0, 8.0]).filter(|(score, _)| score.is_some());
    let present = present.map(|(_, bit)| bit).sum();
    let [a, b, c, d] = scores.map(|score| score.unwrap_or(f64::NAN));
    [steps as f64, epochs, seconds, a, b, c, d, present]
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // integers, unless another program wrote the file
fn from_row(row: &[f64]) -> Evaluation {
    let is_present = |bit: u8| row[7] as u8 & bit != 0;
    let score = |place: usize, bit: u8| {
        let accuracy = is_present(2 * bit).then_some(row[place + 1]);
        is_present(bit).then_some(Score { loss: row[place], accuracy })
    };
    Evaluation::new(row[0] as u64, row[1], score(3, 1), score(5, 4), row[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evaluations_round_trip() {
        let scores = [
            None,
            Some(Score { loss: 0.5, accuracy: None }),
            Some(Score { loss: 0.25, accuracy: Some(0.75) }),
            Some(Score { loss: f64::INFINITY, accuracy: Some(0.0) }),
        ];
        for train in scores {
            for validation in scores {
                let evaluation = Evaluation::new(7, 1.75, train, validation, 0.1);
                assert_eq!(from_row(&to_row(&evaluation)), evaluation);
            }
        }
        let unknown = Some(Score { loss: f64::NAN, accuracy: None });
        let evaluation = Evaluation::new(7, 1.75, unknown, None, 0.1);
        assert!(from_row(&to_row(&evaluation)).train.is_some_and(|score| score.loss.is_nan()));
    }
}
