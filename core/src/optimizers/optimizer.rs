//! The trait of optimizers.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix, one};

use crate::networks::{Network, Tape, TargetOf};
use crate::optimizers::check::{not_negative, positive};

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

    /// One step of this rate along a gradient; allocates nothing.
    ///
    /// Running statistics move towards those in the gradient, and nothing that is [frozen](Network::freeze) changes.
    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64);

    /// Forward, backward and one [step](Optimizer::step) of this rate; returns the mean loss before the step.
    ///
    /// The first step makes room for the gradient on the tape.
    ///
    /// # Panics
    ///
    /// As the methods of [`Network`]: where `N` is `Dyn`, if `x` and `target` have another number of samples.
    fn descend_with<N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        net: &mut Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
        learning_rate: f64,
        tape: &mut Tape<Net, N>,
    ) -> Net::Scalar {
        descend_by_gradient(self, net, x, target, learning_rate, tape)
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
    /// added up in `f64`, after scaling where they would overflow. A gradient with an infinite number or a NaN cannot be
    /// shortened, and makes parameters NaN: a [`Trainer`](crate::training::Trainer) ends with an error that names it.
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

/// Forward, backward and a step along the gradient, which is stored on the tape.
pub(super) fn descend_by_gradient<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
    optimizer: &mut (impl Optimizer<Net> + ?Sized),
    net: &mut Net,
    x: &Matrix<Net::Scalar, N, Net::Input, S>,
    target: &TargetOf<Net, N>,
    learning_rate: f64,
    tape: &mut Tape<Net, N>,
) -> Net::Scalar {
    let mut gradient = tape.take_gradient();
    gradient.set_to_zero();
    let backward = tape.forward(net, x).backward(target);
    backward.add_gradient(one(), &mut gradient);
    let loss = backward.loss();
    optimizer.step(net, &gradient, learning_rate);
    tape.put_gradient(gradient);
    loss
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
