use crate::networks::Network;
use crate::optimizers::buffers::Buffers;
use crate::optimizers::check::{SettingError, above_zero, positive, saturated, square};
use crate::optimizers::optimizer::{Common, Optimizer};
use crate::optimizers::pass::Rule;
use crate::scalar::Scalar;

/// Scales the rate of each parameter by the squares of all its derivatives; `ε` is `epsilon`.
///
/// ```text
/// h = h + g²        w -= η g / (√h + ε)
/// ```
///
/// `h` only grows, so the steps shrink.
///
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization" (2011);
/// PyTorch's `Adagrad`, with its default: `ε` is `1e-10`. The book's is `1e-7`.
#[derive(Clone, Debug, PartialEq)]
pub struct AdaGrad<Net> {
    epsilon: f64,
    common: Common,
    buffers: Buffers<Net, 1>,
}

impl<Net: Network> Default for AdaGrad<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> AdaGrad<Net> {
    /// `ε` is `1e-10`.
    pub fn new() -> Self {
        Self { epsilon: 1e-10, common: Common::default(), buffers: Buffers::new() }
    }

    /// The number that keeps the divisor above 0; `1e-10` by default. At least the smallest normal number of the network's
    /// scalar is used.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }
}

impl<Net: Network> Optimizer<Net> for AdaGrad<Net> {
    fn name(&self) -> &'static str {
        "AdaGrad"
    }

    keeps!("h");

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("epsilon", self.epsilon)]
    }

    fn check(&self) -> Result<(), SettingError> {
        positive("epsilon", self.epsilon)?;
        self.common.check()
    }

    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64) {
        self.assert_settings();
        let rule = Slow { epsilon: above_zero(self.epsilon), rate: Net::Scalar::of(learning_rate) };
        self.buffers.step(&mut self.common, net, gradient, learning_rate, rule);
    }
}

#[derive(Clone, Copy)]
struct Slow<T> {
    epsilon: T,
    rate: T,
}

impl<T: Scalar> Rule<T, 1> for Slow<T> {
    #[inline(always)]
    fn delta(&self, g: T, [h]: &mut [T; 1]) -> T {
        *h = saturated(*h + square(g));
        self.rate * g / (h.sqrt() + self.epsilon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a constant derivative, the `n`th step is `η / √n`.
    #[test]
    fn steps_become_smaller() {
        let (rule, mut state) = (Slow { epsilon: 1e-10, rate: 0.1 }, [0.0]);
        for n in 1..=100 {
            assert!((rule.delta(-7.0, &mut state) + 0.1 / f64::from(n).sqrt()).abs() < 1e-10);
        }
        assert_eq!(rule.delta(0.0, &mut [0.0]), 0.0);
    }
}
