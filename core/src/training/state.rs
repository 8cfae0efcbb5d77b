//! The state of a training run.

use std::mem::take;

use crate::networks::Network;
use crate::training::history::{Evaluation, History};

/// The state from which a training run continues, except the network and the optimizer.
#[derive(Debug)]
pub(super) struct State<Net> {
    /// The number of finished steps.
    pub steps: u64,
    /// The state of the generator for the order of the samples; `None` before the first step.
    pub order: Option<[u8; 49]>,
    pub history: History,
    /// True if the last evaluation exists only because a watcher stopped the run; continuing discards it.
    pub passing: bool,
    /// The training time in seconds.
    pub seconds: f64,
    /// The network of the best evaluation.
    pub best: Option<Best<Net>>,
    /// The number of evaluations since the best one.
    pub waited: usize,
    /// The network after the last step, while the trainer holds that of the best evaluation.
    pub last: Option<Net>,
}

/// The best network so far and its loss.
#[derive(Debug)]
pub(super) struct Best<Net> {
    pub net: Net,
    pub loss: f64,
}

impl<Net> Default for State<Net> {
    fn default() -> Self {
        Self {
            steps: 0,
            order: None,
            history: History::default(),
            passing: false,
            seconds: 0.0,
            best: None,
            waited: 0,
            last: None,
        }
    }
}

impl<Net: Network> State<Net> {
    /// Restores the weights of the best evaluation; keeps those of the last step for continuing.
    pub(super) fn end_with_best(&mut self, net: &mut Net) {
        let Some(best) = &self.best else { return };
        self.last.get_or_insert_with(Net::default).copy_from(net);
        net.copy_from(&best.net);
    }

    /// Restores the weights of the last step, and discards an evaluation that was not due.
    pub(super) fn go_on(&mut self, net: &mut Net) {
        if take(&mut self.passing) {
            self.history.evaluations.pop();
        }
        if let Some(last) = self.last.take() {
            net.copy_from(&last);
        }
    }

    /// Discards the best network, after early stopping has been turned off.
    pub(super) fn stop_judging(&mut self) {
        (self.best, self.waited) = (None, 0);
    }

    /// Stores a copy of the network if this evaluation is the best so far.
    pub(super) fn judge(&mut self, net: &Net, evaluation: &Evaluation) {
        let Some(score) = evaluation.score() else { return };
        self.waited += 1;
        if score.loss < self.best.as_ref().map_or(f64::INFINITY, |best| best.loss) {
            let best = self.best.get_or_insert_with(|| Best { net: Net::default(), loss: 0.0 });
            best.net.copy_from(net);
            best.loss = score.loss;
            self.waited = 0;
        }
    }
}
