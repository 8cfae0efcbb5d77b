use crate::networks::Network;
use crate::optimizers::adam::Adam;
use crate::optimizers::optimizer::{Common, Optimizer};

/// [`Adam`] with a weight decay of its own, 0.01 by default.
///
/// ```text
/// w *= 1 - η decay        then as Adam
/// ```
///
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019); PyTorch's `AdamW`, with its defaults. Only
/// [weights](crate::Kind::Weight) decay, not biases: as is usual, but in PyTorch it has to be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct AdamW<Net>(Adam<Net>);

impl<Net: Network> Default for AdamW<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> AdamW<Net> {
    /// The decay is 0.01, `β₁` is 0.9, `β₂` is 0.999, `ε` is `1e-8`.
    pub fn new() -> Self {
        Self(Adam::new().weight_decay(0.01))
    }

    /// As [`Adam::betas`].
    ///
    /// # Panics
    ///
    /// If either is not at least 0 and below 1.
    #[must_use]
    #[track_caller]
    pub fn betas(self, beta1: f64, beta2: f64) -> Self {
        Self(self.0.betas(beta1, beta2))
    }

    /// As [`Adam::epsilon`].
    ///
    /// # Panics
    ///
    /// If it is not a positive number.
    #[must_use]
    #[track_caller]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self(self.0.epsilon(epsilon))
    }
}

impl<Net: Network> Optimizer<Net> for AdamW<Net> {
    fn name(&self) -> &'static str {
        "AdamW"
    }

    fn common(&self) -> &Common {
        self.0.common()
    }

    fn common_mut(&mut self) -> &mut Common {
        self.0.common_mut()
    }

    fn settings(&self) -> Vec<(&'static str, f64)> {
        self.0.settings()
    }

    fn state_names(&self) -> &'static [&'static str] {
        self.0.state_names()
    }

    fn states(&self) -> &[Net] {
        self.0.states()
    }

    fn states_mut(&mut self) -> &mut [Net] {
        self.0.states_mut()
    }

    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64) {
        self.0.step(net, gradient, learning_rate);
    }
}
