use crate::networks::Network;
use crate::optimizers::buffers::Buffers;
use crate::optimizers::check::{SettingError, fraction};
use crate::optimizers::optimizer::{Common, Optimizer};
use crate::optimizers::pass::Rule;
use crate::scalar::Scalar;

/// Adds up derivatives as a velocity; `α` is the momentum.
///
/// ```text
/// v = α v + g        w -= η v
/// ```
///
/// This is PyTorch's form. The book's form has the rate in `v`: `v = α v - η g`, `w += v`. Both are the same at a constant
/// rate. A change of the rate also applies to the velocity here.
///
/// Polyak, "Some methods of speeding up the convergence of iteration methods" (1964). The momentum is 0.9 by default, as
/// in the book's chapter on training; PyTorch's `SGD` has none by default.
#[derive(Clone, Debug, PartialEq)]
pub struct Momentum<Net> {
    alpha: f64,
    common: Common,
    buffers: Buffers<Net, 1>,
}

impl<Net: Network> Default for Momentum<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> Momentum<Net> {
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

impl<Net: Network> Optimizer<Net> for Momentum<Net> {
    fn name(&self) -> &'static str {
        "Momentum"
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
        let rule = Roll { alpha: Net::Scalar::of(self.alpha), rate: Net::Scalar::of(learning_rate) };
        self.buffers.step(&mut self.common, net, gradient, learning_rate, rule);
    }
}

#[derive(Clone, Copy)]
struct Roll<T> {
    alpha: T,
    rate: T,
}

impl<T: Scalar> Rule<T, 1> for Roll<T> {
    #[inline(always)]
    fn delta(&self, g: T, [v]: &mut [T; 1]) -> T {
        *v = self.alpha * *v + g;
        self.rate * *v
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The book's `v = αv - ηg`, `w += v`.
    #[test]
    fn it_is_the_books_at_a_constant_rate() {
        let (rule, mut state) = (Roll { alpha: 0.9, rate: 0.1 }, [0.0]);
        let (mut w, mut books_w, mut books_v) = (1.0_f64, 1.0, 0.0);
        for g in [1.0, -0.5, 2.0, 0.25] {
            w -= rule.delta(g, &mut state);
            books_v = 0.9 * books_v - 0.1 * g;
            books_w += books_v;
            assert!((w - books_w).abs() < 1e-15);
        }
    }
}
