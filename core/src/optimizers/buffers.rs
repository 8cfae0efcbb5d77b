//! What the optimisers keep, and how they go by it.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, one};

use super::Common;
use super::norm::norm;
use super::pass::{Pass, Rule};
use crate::parameters::{Path, Twins, walk};
use crate::product::vectorized;
use crate::{Backward, Kind, Network, Parameters, Scalar};

/// The gradient, and `K` numbers for each parameter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Buffers<Net, const K: usize> {
    pub(super) states: [Net; K],
    gradient: Net,
}

impl<Net: Network, const K: usize> Buffers<Net, K> {
    pub(super) fn new() -> Self {
        Self { states: std::array::from_fn(|_| Net::zeros()), gradient: Net::zeros() }
    }

    /// One step by that rule.
    pub(super) fn step<N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        common: &mut Common,
        net: &mut Net,
        backward: &Backward<'_, Net, N, S>,
        learning_rate: f64,
        rule: impl Rule<Net::Scalar, K>,
    ) {
        self.gradient.set_to_zero();
        backward.add_gradient(one(), &mut self.gradient);
        let scale = common.clip_norm.map_or(1.0, |most| (most / (norm(&self.gradient) + 1e-6)).min(1.0));
        self.update(net, common.keep(learning_rate), scale, rule);
        common.steps += 1;
    }

    fn update(&mut self, net: &mut Net, keep: f64, scale: f64, rule: impl Rule<Net::Scalar, K>) {
        let states = self.states.each_mut().map(|state| state as &mut dyn Parameters<Net::Scalar>);
        let scale = Net::Scalar::of(scale);
        walk(net, states, [&self.gradient], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { kind, values, others: states, from: [gradient], .. } = twins {
                let keep = Net::Scalar::of(if kind == Kind::Weight { keep } else { 1.0 });
                vectorized(Pass { rule, keep, scale, values, gradient, states });
            }
        });
    }
}
