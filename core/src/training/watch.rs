//! Who follows a training.

use std::ops::ControlFlow;

use crate::training::history::{Evaluation, Step};

/// Somebody who follows a training and can end it, such as a progress bar: [`Trainer::watch`](super::Trainer::watch).
///
/// All methods are there to be left out. `ControlFlow::Break(())` ends the training after the step, with the network as
/// it is.
pub trait Watch<Net> {
    /// The training begins, or goes on.
    fn begin(&mut self, plan: &Plan) {
        let _ = plan;
    }

    /// A step is done.
    fn step(&mut self, step: &Step, net: &Net) -> ControlFlow<()> {
        let _ = (step, net);
        ControlFlow::Continue(())
    }

    /// The network was evaluated.
    fn evaluation(&mut self, evaluation: &Evaluation, net: &Net) -> ControlFlow<()> {
        let _ = (evaluation, net);
        ControlFlow::Continue(())
    }

    /// An epoch is over. Its evaluation, if there is one, came before.
    fn epoch(&mut self, epoch: &Epoch, net: &Net) -> ControlFlow<()> {
        let _ = (epoch, net);
        ControlFlow::Continue(())
    }

    /// The training is over, or was ended.
    fn end(&mut self) {}
}

/// What a training is going to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many steps are done already, by the training that this one goes on with.
    pub done: u64,
    /// How many steps there will be at the end.
    pub steps: u64,
    /// How many steps an epoch has.
    pub steps_per_epoch: u64,
}

/// An epoch that is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Which one, counted from 1.
    pub number: u64,
    /// How many steps have been done since the beginning.
    pub steps: u64,
    /// The mean loss of its samples, each from before the step that learned from it.
    pub loss: f64,
}

/// A function as one that watches each step.
pub(super) struct OnStep<F>(pub F);

impl<Net, F: FnMut(&Step) -> ControlFlow<()>> Watch<Net> for OnStep<F> {
    fn step(&mut self, step: &Step, _: &Net) -> ControlFlow<()> {
        self.0(step)
    }
}

/// A function as one that watches each evaluation.
pub(super) struct OnEvaluation<F>(pub F);

impl<Net, F: FnMut(&Evaluation, &Net) -> ControlFlow<()>> Watch<Net> for OnEvaluation<F> {
    fn evaluation(&mut self, evaluation: &Evaluation, net: &Net) -> ControlFlow<()> {
        self.0(evaluation, net)
    }
}

/// A function as one that watches each epoch.
pub(super) struct OnEpoch<F>(pub F);

impl<Net, F: FnMut(&Epoch, &Net) -> ControlFlow<()>> Watch<Net> for OnEpoch<F> {
    fn epoch(&mut self, epoch: &Epoch, net: &Net) -> ControlFlow<()> {
        self.0(epoch, net)
    }
}
