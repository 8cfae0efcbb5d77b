use std::marker::PhantomData;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::networks::descend;
use crate::networks::{Network, Tape, TargetOf};
use crate::optimizers::buffers::Buffers;
use crate::optimizers::optimizer::descend_by_gradient;
use crate::optimizers::optimizer::{Common, Optimizer};
use crate::optimizers::pass::Rule;
use crate::scalar::Scalar;

/// Stochastic gradient descent, the book's first optimizer.
///
/// ```text
/// w -= η g
/// ```
///
/// The gradient goes straight into the weights, as in [`Network::descend_with`], and is never stored. Clipping to
/// [a norm](Optimizer::clip_norm) needs it stored: the first step allocates it.
///
/// Robbins and Monro, "A Stochastic Approximation Method" (1951); PyTorch's `SGD`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<Net> {
    common: Common,
    network: PhantomData<Net>,
}

impl<Net: Network> Default for Sgd<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> Sgd<Net> {
    /// No weight decay, no clipping.
    pub fn new() -> Self {
        Self { common: Common::default(), network: PhantomData }
    }
}

impl<Net: Network> Optimizer<Net> for Sgd<Net> {
    fn name(&self) -> &'static str {
        "Sgd"
    }

    fn common(&self) -> &Common {
        &self.common
    }

    fn common_mut(&mut self) -> &mut Common {
        &mut self.common
    }

    fn state_names(&self) -> &'static [&'static str] {
        &[]
    }

    fn states(&self) -> &[Net] {
        &[]
    }

    fn states_mut(&mut self) -> &mut [Net] {
        &mut []
    }

    fn step(&mut self, net: &mut Net, gradient: &Net, learning_rate: f64) {
        self.assert_settings();
        let rule = Downhill { rate: Net::Scalar::of(learning_rate) };
        Buffers::new().step(&mut self.common, net, gradient, learning_rate, rule);
    }

    /// Without clipping, the gradient goes straight into the weights.
    fn descend_with<N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        net: &mut Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
        learning_rate: f64,
        tape: &mut Tape<Net, N>,
    ) -> Net::Scalar {
        self.assert_settings();
        if self.common.clip_norm.is_some() {
            return descend_by_gradient(self, net, x, target, learning_rate, tape);
        }
        self.common.steps += 1;
        let [rate, keep] = [learning_rate, self.common.keep(learning_rate)].map(Net::Scalar::of);
        descend(net, x, target, rate, keep, tape)
    }
}

#[derive(Clone, Copy)]
struct Downhill<T> {
    rate: T,
}

impl<T: Scalar> Rule<T, 0> for Downhill<T> {
    #[inline(always)]
    fn delta(&self, g: T, []: &mut [T; 0]) -> T {
        self.rate * g
    }
}
