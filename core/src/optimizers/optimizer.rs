//! What an optimiser is.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use super::check::{not_negative, positive};
use crate::{Backward, Network, TargetOf};

/// A way to change a network by its gradient.
///
/// All that it keeps from one step to the next can be read and written, to be stored beside the network: its
/// [states](Optimizer::states) and [how many steps](Common::steps) it has done. A step allocates nothing.
pub trait Optimizer<Net: Network> {
    /// What it is called, such as `Adam`.
    fn name(&self) -> &'static str;

    /// What all optimisers have.
    fn common(&self) -> &Common;

    /// What all optimisers have, to be changed.
    fn common_mut(&mut self) -> &mut Common;

    /// The numbers of its own formula that were chosen, such as `β₁`, with the names of the methods that choose them.
    ///
    /// A training that goes on has to have the same. An optimiser whose formula has none leaves this out.
    fn settings(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }

    /// The names that its states have in the formula, such as `v`.
    fn state_names(&self) -> &'static [&'static str];

    /// What it remembers, in the order of their names: one number for each parameter in each of them.
    fn states(&self) -> &[Net];

    /// What it remembers, to be changed.
    fn states_mut(&mut self) -> &mut [Net];

    /// One step of this rate, for a network that has been forward and backward.
    fn step<N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        net: &mut Net,
        backward: &Backward<'_, Net, N, S>,
        learning_rate: f64,
    );

    /// Forward, backward and one [step](Optimizer::step) of this rate; returns the mean loss before the step.
    ///
    /// # Panics
    ///
    /// As the methods of [`Network`]: where `N` is `Dyn`, if `x` and `target` have another number of samples.
    fn descend_on<N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        net: &mut Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
        learning_rate: f64,
        tape: &mut Net::Tape<N>,
    ) -> Net::Scalar {
        let backward = net.forward(x, tape).backward(target);
        self.step(net, &backward, learning_rate);
        backward.loss()
    }

    /// Makes weights smaller in each step, before it: `w *= 1 - η · decay`. By default `decay` is 0.01 in
    /// [`AdamW`](super::AdamW), else 0.
    ///
    /// The decay is decoupled from the gradient in all optimisers, as Loshchilov and Hutter found best, "Decoupled
    /// Weight Decay Regularization" (2019). The book's and PyTorch's `weight_decay` of other optimisers than `AdamW`
    /// adds `decay · w` to the gradient instead: for `Sgd` that is the same, for the others not.
    /// Only [weights](crate::Kind::Weight) decay; biases and scales do not.
    ///
    /// # Panics
    ///
    /// If the decay is negative, infinite or not a number.
    #[must_use]
    #[track_caller]
    fn weight_decay(mut self, decay: f64) -> Self
    where
        Self: Sized,
    {
        self.common_mut().weight_decay = not_negative("a weight decay", decay);
        self
    }

    /// Shortens gradients that are longer than this: `g *= min(1, norm / (‖g‖ + 1e-6))`, where `‖g‖` is the root of the
    /// sum of the squares of all numbers in the gradient. PyTorch's `clip_grad_norm_`.
    ///
    /// Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013). The squares are
    /// added up in `f64`, where that of no `f32` is too large. What is infinite or not a number in a gradient cannot be
    /// shortened, and makes its parameter not a number.
    ///
    /// # Panics
    ///
    /// If the norm is not a positive number, or infinite.
    #[must_use]
    #[track_caller]
    fn clip_norm(mut self, norm: f64) -> Self
    where
        Self: Sized,
    {
        self.common_mut().clip_norm = Some(positive("a norm to clip to", norm));
        self
    }
}

/// What all optimisers have, whatever their rule.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Common {
    /// What part of a weight is taken away in each step, times the learning rate.
    pub weight_decay: f64,
    /// How long a gradient may be.
    pub clip_norm: Option<f64>,
    /// How many steps have been done.
    pub steps: u64,
}

impl Common {
    /// What a weight is multiplied by in a step of this rate.
    pub(super) fn keep(&self, learning_rate: f64) -> f64 {
        1.0 - learning_rate * self.weight_decay
    }
}
