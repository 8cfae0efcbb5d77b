use crate::networks::Network;
use crate::optimizers::buffers::Buffers;
use crate::optimizers::check::{SettingError, above_zero, fraction, positive, square};
use crate::optimizers::optimizer::{Common, Optimizer};
use crate::optimizers::pass::Rule;
use crate::scalar::Scalar;

/// Momentum, and a rate of its own for each parameter; `ε` is `epsilon`, `t` is 1 in the first step.
///
/// ```text
/// m = β₁ m + (1 - β₁) g
/// v = β₂ v + (1 - β₂) g²
/// w -= η m̂ / (√v̂ + ε)        m̂ = m / (1 - β₁ᵗ)    v̂ = v / (1 - β₂ᵗ)
/// ```
///
/// `m` and `v` start at 0; the divisors make up for that. With a [weight decay](Optimizer::weight_decay) it is
/// [`AdamW`](super::AdamW).
///
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015); PyTorch's `Adam`, with its defaults: `β₁` is 0.9,
/// `β₂` is 0.999, `ε` is `1e-8`.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<Net> {
    betas: [f64; 2],
    epsilon: f64,
    common: Common,
    buffers: Buffers<Net, 2>,
}

impl<Net: Network> Default for Adam<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> Adam<Net> {
    /// `β₁` is 0.9, `β₂` is 0.999, `ε` is `1e-8`.
    pub fn new() -> Self {
        Self { betas: [0.9, 0.999], epsilon: 1e-8, common: Common::default(), buffers: Buffers::new() }
    }

    /// `β₁` and `β₂`: the factors of the moving averages of the derivative and of its square, each at least 0 and below
    /// 1; by default 0.9 and 0.999.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> Self {
        Self { betas: [beta1, beta2], ..self }
    }

    /// The number that keeps the divisor above 0; `1e-8` by default. At least the smallest normal number of the network's
    /// scalar is used.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }
}

impl<Net: Network> Optimizer<Net> for Adam<Net> {
    fn name(&self) -> &'static str {
        "Adam"
    }

    keeps!("m", "v");

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("beta1", self.betas[0]), ("beta2", self.betas[1]), ("epsilon", self.epsilon)]
    }

    fn check(&self) -> Result<(), SettingError> {
        fraction::<Net::Scalar>("beta1", self.betas[0])?;
        fraction::<Net::Scalar>("beta2", self.betas[1])?;
        positive("epsilon", self.epsilon)?;
        self.common.check()
    }

    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64) {
        self.assert_settings();
        let rule = Moments::new(self.betas, self.epsilon, learning_rate, (self.common.steps + 1) as f64);
        self.buffers.step(&mut self.common, net, gradient, learning_rate, rule);
    }
}

#[derive(Clone, Copy)]
struct Moments<T> {
    /// `β₁` and `β₂`.
    betas: [T; 2],
    /// `1 - β₁` and `1 - β₂`.
    new: [T; 2],
    /// `η / (1 - β₁ᵗ)`.
    rate: T,
    /// `1 / √(1 - β₂ᵗ)`.
    root: T,
    epsilon: T,
}

impl<T: Scalar> Moments<T> {
    fn new(betas: [f64; 2], epsilon: f64, rate: f64, t: f64) -> Self {
        let [corrected1, corrected2] = betas.map(|beta| 1.0 - beta.powf(t));
        Self {
            betas: betas.map(T::of),
            new: betas.map(|beta| T::of(1.0 - beta)),
            rate: T::of(rate / corrected1),
            root: T::of(1.0 / corrected2.sqrt()),
            epsilon: above_zero(epsilon),
        }
    }
}

impl<T: Scalar> Rule<T, 2> for Moments<T> {
    #[inline(always)]
    fn delta(&self, g: T, [m, v]: &mut [T; 2]) -> T {
        *m = self.betas[0] * *m + self.new[0] * g;
        *v = self.betas[1] * *v + self.new[1] * square(g);
        self.rate * *m / (v.sqrt() * self.root + self.epsilon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formula as it stands in the docs.
    #[test]
    fn the_corrections_are_those_of_the_formula() {
        let (mut m, mut v, mut state) = (0.0_f64, 0.0_f64, [0.0; 2]);
        for (t, g) in (1..).zip([1.0, -0.5, 2.0, 0.25]) {
            m = 0.8 * m + 0.2 * g;
            v = 0.9 * v + 0.1 * g * g;
            let (m_hat, v_hat) = (m / (1.0 - 0.8_f64.powi(t)), v / (1.0 - 0.9_f64.powi(t)));
            let rule = Moments::new([0.8, 0.9], 1e-8, 0.1, f64::from(t));
            assert!((rule.delta(g, &mut state) - 0.1 * m_hat / (v_hat.sqrt() + 1e-8)).abs() < 1e-15);
        }
    }

    #[test]
    fn the_first_step_is_as_long_as_the_rate() {
        for g in [1e-3_f64, -5.0, 1e6] {
            let delta = Moments::new([0.9, 0.999], 1e-8, 0.1, 1.0).delta(g, &mut [0.0; 2]);
            assert!((delta - 0.1_f64.copysign(g)).abs() < 2e-6);
        }
    }
}
