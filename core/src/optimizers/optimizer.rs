//! The trait of optimizers.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix, one};

use crate::networks::{Network, Tape, TargetOf};
use crate::optimizers::check::{SettingError, not_negative, positive};

/// A rule by which a network takes a step along its gradient.
///
/// Its [states](Optimizer::states) and its [number of steps](Common::steps) can be read and written, so that they can be
/// stored beside the network. A step allocates nothing.
///
/// Builder methods accept any value. [`check`](Optimizer::check) returns the first setting that makes no sense; a
/// [`Trainer`](crate::training::Trainer) returns that error from `run`, and a step outside a trainer panics with it.
pub trait Optimizer<Net: Network> {
    /// Its name, such as `Adam`.
    fn name(&self) -> &'static str;

    /// The settings that all optimizers share.
    fn common(&self) -> &Common;

    /// The settings that all optimizers share, mutable.
    fn common_mut(&mut self) -> &mut Common;

    /// The settings of its own formula, such as `β₁`, under the names of the methods that set them.
    ///
    /// A resumed training needs the same values. The default is an empty list.
    fn settings(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// [`SettingError`] names the first setting that makes no sense.
    fn check(&self) -> Result<(), SettingError> {
        self.common().check()
    }

    /// Panics with the error of [`check`](Optimizer::check); every step begins with it.
    #[doc(hidden)]
    #[track_caller]
    fn assert_settings(&self) {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
    }

    /// The names of its states in the formula, such as `v`.
    fn state_names(&self) -> &'static [&'static str];

    /// Its states, in the order of their names: each has one value for each parameter.
    fn states(&self) -> &[Net];

    /// Its states, mutable.
    fn states_mut(&mut self) -> &mut [Net];

    /// Takes one step along a gradient; allocates nothing.
    ///
    /// Running statistics move toward those in the gradient. [Frozen](Network::freeze) parameters do not change.
    ///
    /// # Panics
    ///
    /// If a setting makes no sense, see [`check`](Optimizer::check).
    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64);

    /// Runs forward and backward and takes one [step](Optimizer::step); returns the mean loss before the step.
    ///
    /// The first step allocates the gradient on the tape.
    ///
    /// # Panics
    ///
    /// If `N` is `Dyn` and `x` and `target` differ in their number of samples, or if a setting makes no sense.
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

    /// Shrinks weights before each step: `w *= 1 - η · decay`. The default is 0.01 in [`AdamW`](super::AdamW), else 0.
    ///
    /// The decay is decoupled from the gradient in all optimizers, after Loshchilov and Hutter, "Decoupled Weight Decay
    /// Regularization" (2019). The `weight_decay` of the book, and of PyTorch's optimizers except `AdamW`, adds
    /// `decay · w` to the gradient instead; for `Sgd` both are the same.
    /// Only [weights](crate::Kind::Weight) decay, not biases and scales.
    #[must_use]
    fn weight_decay(mut self, decay: f64) -> Self
    where
        Self: Sized,
    {
        self.common_mut().weight_decay = decay;
        self
    }

    /// Clips gradients to a norm: `g *= min(1, norm / (‖g‖ + 1e-6))`, where `‖g‖` is the root of the sum of the squares of
    /// all values in the gradient, except those of [frozen](Network::freeze) parameters. PyTorch's `clip_grad_norm_`.
    ///
    /// Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013). The squares are
    /// added in `f64`, scaled if they would overflow. A gradient with a NaN or an infinity cannot be clipped and makes
    /// parameters NaN; a [`Trainer`](crate::training::Trainer) ends with an error that names it.
    #[must_use]
    fn clip_norm(mut self, norm: f64) -> Self
    where
        Self: Sized,
    {
        self.common_mut().clip_norm = Some(norm);
        self
    }
}

/// Runs forward and backward, and takes a step along the gradient, which is stored on the tape.
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

/// The settings and the step count that all optimizers share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Common {
    /// The fraction of a weight that each step removes, times the learning rate.
    pub weight_decay: f64,
    /// The largest norm of a gradient; `None` clips nothing.
    pub clip_norm: Option<f64>,
    /// The number of steps taken.
    pub steps: u64,
}

impl Common {
    /// Checks both settings.
    ///
    /// # Errors
    ///
    /// [`SettingError`] if the weight decay is negative, or the norm is not positive, or either is not finite.
    pub fn check(&self) -> Result<(), SettingError> {
        not_negative("a weight decay", self.weight_decay)?;
        self.clip_norm.map_or(Ok(()), |norm| positive("a norm to clip to", norm))
    }

    /// The factor of a weight in a step of this rate.
    pub(super) fn keep(&self, learning_rate: f64) -> f64 {
        1.0 - learning_rate * self.weight_decay
    }
}
