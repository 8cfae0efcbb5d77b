//! Callbacks of a training run.

use std::ops::ControlFlow;

use crate::training::history::{Evaluation, Step};

/// Callbacks of a training run, for [`Trainer::watch`](super::Trainer::watch); an example is a progress bar.
///
/// The default methods do nothing. `ControlFlow::Break(())` stops the run after the step, with the network as it is.
///
/// A callback may change the network, for example clip its weights or [thaw](crate::Network::thaw) a layer. Training continues
/// with the changed network, and a checkpoint of the same step holds it. An evaluation has scored the network before its
/// own callbacks, and early stopping keeps that one. Files hold no frozen flags: after a resume, a callback that thaws
/// layers has to decide by the number of steps.
pub trait Watch<Net> {
    /// Called when a run begins or continues.
    fn begin(&mut self, plan: &Plan) {
        let _ = plan;
    }

    /// Called after each step.
    fn step(&mut self, step: &Step, net: &mut Net) -> ControlFlow<()> {
        let _ = (step, net);
        ControlFlow::Continue(())
    }

    /// Called after each evaluation.
    fn evaluation(&mut self, evaluation: &Evaluation, net: &mut Net) -> ControlFlow<()> {
        let _ = (evaluation, net);
        ControlFlow::Continue(())
    }

    /// Called after each epoch, and after its evaluation.
    fn epoch(&mut self, epoch: &Epoch, net: &mut Net) -> ControlFlow<()> {
        let _ = (epoch, net);
        ControlFlow::Continue(())
    }

    /// Called when the run ends or is stopped.
    fn end(&mut self) {}
}

/// The length of a training run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The number of steps that are already done if the run continues.
    pub done: u64,
    /// The total number of steps, including `done`.
    pub steps: u64,
    /// The number of steps in an epoch.
    pub steps_per_epoch: u64,
    /// This process's rank in a [collective](super::Trainer::collective), else 0.
    pub rank: usize,
}

impl Plan {
    /// A plan of rank 0, for a test of a callback.
    pub const fn new(done: u64, steps: u64, steps_per_epoch: u64) -> Self {
        Self { done, steps, steps_per_epoch, rank: 0 }
    }
}

/// A finished epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Epoch {
    /// The number of the epoch, from 1.
    pub number: u64,
    /// The total number of steps so far.
    pub steps: u64,
    /// The mean loss of the epoch's samples, each measured before its own step.
    ///
    /// The losses of the steps are weighted by their numbers of samples, also if the loss has weights of classes or
    /// samples. An [`Evaluation`] weights them exactly.
    pub loss: f64,
}

impl Epoch {
    /// An epoch, for a test of a callback.
    pub const fn new(number: u64, steps: u64, loss: f64) -> Self {
        Self { number, steps, loss }
    }
}

/// A function that is called after each step.
pub(super) struct OnStep<F>(pub F);

impl<Net, F: FnMut(&Step, &mut Net) -> ControlFlow<()>> Watch<Net> for OnStep<F> {
    fn step(&mut self, step: &Step, net: &mut Net) -> ControlFlow<()> {
        self.0(step, net)
    }
}

/// A function that is called after each evaluation.
pub(super) struct OnEvaluation<F>(pub F);

impl<Net, F: FnMut(&Evaluation, &mut Net) -> ControlFlow<()>> Watch<Net> for OnEvaluation<F> {
    fn evaluation(&mut self, evaluation: &Evaluation, net: &mut Net) -> ControlFlow<()> {
        self.0(evaluation, net)
    }
}

/// A function that is called after each epoch.
pub(super) struct OnEpoch<F>(pub F);

impl<Net, F: FnMut(&Epoch, &mut Net) -> ControlFlow<()>> Watch<Net> for OnEpoch<F> {
    fn epoch(&mut self, epoch: &Epoch, net: &mut Net) -> ControlFlow<()> {
        self.0(epoch, net)
    }
}
