use crate::networks::Network;
use crate::optimizers::buffers::Buffers;
use crate::optimizers::check::{SettingError, fraction};
use crate::optimizers::optimizer::{Common, Optimizer};
use crate::optimizers::pass::Rule;
use crate::scalar::Scalar;

/// Momentum with the gradient at the point ahead; `α` is the momentum.
///
/// ```text
/// v = α v + g        w -= η (α v + g)
/// ```
///
/// `w` is the point ahead. Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k²)"
/// (1983); Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning"
/// (2013); PyTorch's `SGD(nesterov=True)`. The momentum is 0.9 by default.
#[derive(Clone, Debug, PartialEq)]
pub struct Nesterov<Net> {
    alpha: f64,
    common: Common,
    buffers: Buffers<Net, 1>,
}

impl<Net: Network> Default for Nesterov<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> Nesterov<Net> {
    /// A momentum of 0.9.
    pub fn new() -> Self {
        Self { alpha: 0.9, common: Common::default(), buffers: Buffers::new() }
    }

    /// `α`: the factor of the velocity in each step, at least 0 and below 1; 0.9 by default.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> Self {
        Self { alpha: momentum, ..self }
    }
}

impl<Net: Network> Optimizer<Net> for Nesterov<Net> {
    fn name(&self) -> &'static str {
        "Nesterov"
    }

    keeps!("v");

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("momentum", self.alpha)]
    }

    fn check(&self) -> Result<(), SettingError> {
        fraction::<Net::Scalar>("a momentum", self.alpha)?;
        self.common.check()
    }

    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64) {
        self.assert_settings();
        let rule = LookAhead { alpha: Net::Scalar::of(self.alpha), rate: Net::Scalar::of(learning_rate) };
        self.buffers.step(&mut self.common, net, gradient, learning_rate, rule);
    }
}

#[derive(Clone, Copy)]
struct LookAhead<T> {
    alpha: T,
    rate: T,
}

impl<T: Scalar> Rule<T, 1> for LookAhead<T> {
    #[inline(always)]
    fn delta(&self, g: T, [v]: &mut [T; 1]) -> T {
        *v = self.alpha * *v + g;
        self.rate * (self.alpha * *v + g)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nesterov's own form, on `L = w² / 2`: `v = αv - ηg(w + αv)`, `w += v`; the point ahead is `w + αv`.
    #[test]
    fn it_goes_by_the_gradient_ahead() {
        let (rule, mut state) = (LookAhead { alpha: 0.9, rate: 0.1 }, [0.0]);
        let (mut ahead, mut w, mut v) = (1.0_f64, 1.0, 0.0);
        for _ in 0..5 {
            ahead -= rule.delta(ahead, &mut state);
            v = 0.9 * v - 0.1 * (w + 0.9 * v);
            w += v;
            assert!((ahead - (w + 0.9 * v)).abs() < 1e-15);
        }
    }
}
