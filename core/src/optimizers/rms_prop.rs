use crate::networks::Network;
use crate::optimizers::buffers::Buffers;
use crate::optimizers::check::{SettingError, above_zero, fraction, positive, square};
use crate::optimizers::optimizer::{Common, Optimizer};
use crate::optimizers::pass::Rule;
use crate::scalar::Scalar;

/// Scales the rate of each parameter by a moving average of its squared derivatives; `ε` is `epsilon`.
///
/// ```text
/// h = α h + (1 - α) g²        w -= η g / (√h + ε)
/// ```
///
/// Tieleman and Hinton, "Lecture 6.5: rmsprop", in the course "Neural Networks for Machine Learning" (2012); PyTorch's
/// `RMSprop`, with its defaults: `α` is 0.99, `ε` is `1e-8`.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<Net> {
    alpha: f64,
    epsilon: f64,
    common: Common,
    buffers: Buffers<Net, 1>,
}

impl<Net: Network> Default for RmsProp<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> RmsProp<Net> {
    /// `α` is 0.99, `ε` is `1e-8`.
    pub fn new() -> Self {
        Self { alpha: 0.99, epsilon: 1e-8, common: Common::default(), buffers: Buffers::new() }
    }

    /// `α`: the factor of the moving average, at least 0 and below 1; 0.99 by default.
    #[must_use]
    pub fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// The number that keeps the divisor above 0; `1e-8` by default. At least the smallest normal number of the network's
    /// scalar is used.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }
}

impl<Net: Network> Optimizer<Net> for RmsProp<Net> {
    fn name(&self) -> &'static str {
        "RmsProp"
    }

    keeps!("h");

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("alpha", self.alpha), ("epsilon", self.epsilon)]
    }

    fn check(&self) -> Result<(), SettingError> {
        fraction::<Net::Scalar>("alpha", self.alpha)?;
        positive("epsilon", self.epsilon)?;
        self.common.check()
    }

    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64) {
        self.assert_settings();
        let [alpha, new, rate] = [self.alpha, 1.0 - self.alpha, learning_rate].map(Net::Scalar::of);
        let epsilon = above_zero(self.epsilon);
        self.buffers.step(&mut self.common, net, gradient, learning_rate, Forget { alpha, new, epsilon, rate });
    }
}

#[derive(Clone, Copy)]
struct Forget<T> {
    alpha: T,
    /// `1 - α`.
    new: T,
    epsilon: T,
    rate: T,
}

impl<T: Scalar> Rule<T, 1> for Forget<T> {
    #[inline(always)]
    fn delta(&self, g: T, [h]: &mut [T; 1]) -> T {
        *h = self.alpha * *h + self.new * square(g);
        self.rate * g / (h.sqrt() + self.epsilon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps by the same derivative become as long as the rate, however large it is.
    #[test]
    fn the_size_of_the_derivatives_does_not_matter() {
        for g in [1e-3, -5.0, 1e6] {
            let (rule, mut state) = (Forget { alpha: 0.9, new: 0.1, epsilon: 1e-8, rate: 0.1 }, [0.0]);
            let last = (0..300).map(|_| rule.delta(g, &mut state)).last();
            assert!((last.unwrap() - 0.1_f64.copysign(g)).abs() < 2e-6);
        }
    }
}
