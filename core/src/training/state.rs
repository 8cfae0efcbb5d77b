//! What a training has to know to go on where it was, beside the network and the optimiser.

use std::mem::take;

use crate::networks::Network;
use crate::training::history::{Evaluation, History};

/// What a training has to know to go on where it was, beside the network and the optimiser.
#[derive(Debug)]
pub(super) struct State<Net> {
    /// How many steps are done.
    pub steps: u64,
    /// The generator's state that the order of the samples follows from, once there is one.
    pub order: Option<[u8; 49]>,
    pub history: History,
    /// Whether its last evaluation is one that only whoever ended the training sees, and not who goes on with it.
    pub passing: bool,
    /// How many seconds it has taken.
    pub seconds: f64,
    /// The network of the best evaluation.
    pub best: Option<Best<Net>>,
    /// How many evaluations there have been since.
    pub waited: usize,
    /// The network of the last step, where the trainer has that of the best evaluation.
    pub last: Option<Net>,
}

/// A network and the loss that it was judged by.
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
    /// Gives the network the weights of its best evaluation, and keeps those of the last step to go on with.
    pub(super) fn end_with_best(&mut self, net: &mut Net) {
        let Some(best) = &self.best else { return };
        self.last.get_or_insert_with(Net::default).copy_from(net);
        net.copy_from(&best.net);
    }

    /// Gives the network the weights of the last step again, and forgets the evaluation that was not due there.
    pub(super) fn go_on(&mut self, net: &mut Net) {
        if take(&mut self.passing) {
            self.history.evaluations.pop();
        }
        if let Some(last) = self.last.take() {
            net.copy_from(&last);
        }
    }

    /// Forgets the best network of a training that had early stopping and has it no longer.
    pub(super) fn stop_judging(&mut self) {
        (self.best, self.waited) = (None, 0);
    }

    /// Keeps the network if this evaluation is its best.
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
