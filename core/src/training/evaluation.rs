//! The evaluations of a training run, divided among the ranks.

use std::ops::ControlFlow;

use crate::networks::{DataFor, Network};
use crate::optimizers::Optimizer;
use crate::training::checksum::checksum;
use crate::training::collective::Ranks;
use crate::training::error::TrainingError;
use crate::training::history::{Evaluation, Metric};
use crate::training::run::Run;
use crate::training::together::score_together;
use crate::training::trainer::Trainer;

impl<Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Run<'_, '_, Net, O, D> {
    /// Evaluates the network, for early stopping and the watchers.
    pub(super) fn evaluation(&mut self) -> Result<ControlFlow<()>, TrainingError> {
        let evaluation = self.evaluate()?;
        if let Some(plateau) = &mut self.plateau {
            plateau.observe(&evaluation);
        }
        let Trainer { net, settings, state, .. } = &mut *self.trainer;
        if settings.patience.is_some() {
            state.judge(net, &evaluation);
        }
        Ok(self.tell(|watcher, net| watcher.evaluation(&evaluation, net)))
    }

    /// Evaluates the network, each rank on a part of the data.
    pub(super) fn evaluate(&mut self) -> Result<Evaluation, TrainingError> {
        let Self { trainer, ranks, training, held_out, .. } = self;
        let Trainer { net, data, settings, validation, metrics, state, .. } = &mut **trainer;
        let waited = waited(ranks, net, state.steps)?;
        let train = || match training {
            Some(part) => score_together(net, part, ranks),
            None => score_together(net, *data, ranks),
        };
        let validation = match (held_out, validation) {
            (Some(part), _) => Some(score_together(net, part, ranks)?),
            (None, Some(validation)) => Some((validation.score)(net, ranks)?),
            (None, None) => None,
        };
        let evaluation = Evaluation {
            steps: state.steps,
            epochs: state.steps as f64 / self.plan.steps_per_epoch as f64,
            train: settings.score_training.then(train).transpose()?,
            validation,
            metrics: metrics.iter().map(|metric| Metric::new(&*metric.name, (metric.value)(net))).collect(),
            seconds: state.seconds + self.start.elapsed().as_secs_f64(),
            waited,
        };
        state.history.evaluations.push(evaluation.clone());
        Ok(evaluation)
    }
}

/// The seconds that each rank has waited for others since the last evaluation; none in a single process.
///
/// Returns an error if the ranks have different networks, because of a callback.
fn waited<Net: Network>(ranks: &Ranks, net: &Net, steps: u64) -> Result<Vec<f64>, TrainingError> {
    const EACH: usize = 16;
    if ranks.size() == 1 {
        return Ok(Vec::new());
    }
    let mut bytes = vec![0; EACH * ranks.size()];
    let mine = [checksum(net), ranks.take_waited().to_bits()].map(u64::to_le_bytes);
    bytes[EACH * ranks.rank()..][..EACH].copy_from_slice(mine.as_flattened());
    ranks.share(&mut bytes, |rank| EACH * rank)?;
    let numbers = bytes.as_chunks().0.iter().map(|&read| u64::from_le_bytes(read));
    let [sums, waited] = [0, 1].map(|first| numbers.clone().skip(first).step_by(2).collect::<Vec<_>>());
    match sums.iter().position(|sum| *sum != sums[0]) {
        Some(rank) => Err(TrainingError::Setting(format!(
            "after {steps} steps rank {rank} has another network than rank 0: a callback that changes the network has to \
             do the same on all ranks"
        ))),
        None => Ok(waited.into_iter().map(f64::from_bits).collect()),
    }
}
