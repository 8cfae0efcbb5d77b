use crate::networks::Network;
use crate::optimizers::adam::Adam;
use crate::optimizers::check::SettingError;
use crate::optimizers::optimizer::{Common, Optimizer};

/// [`Adam`] with a decoupled weight decay, 0.01 by default.
///
/// ```text
/// w *= 1 - η decay        then as Adam
/// ```
///
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019); PyTorch's `AdamW`, with its defaults. Only
/// [weights](crate::Kind::Weight) decay. In PyTorch biases decay too, unless they are in a parameter group of their own.
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

    /// The factors of the moving averages, see [`Adam::betas`].
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> Self {
        Self(self.0.betas(beta1, beta2))
    }

    /// The number that keeps the divisor above 0, see [`Adam::epsilon`].
    #[must_use]
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

    fn check(&self) -> Result<(), SettingError> {
        self.0.check()
    }

    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64) {
        self.0.step(net, gradient, learning_rate);
    }
}
