//! The states of optimizers, and a step by a rule.

use std::mem::take;

use crate::kernels::vectorized;
use crate::networks::Network;
use crate::networks::track;
use crate::optimizers::norm::clip;
use crate::optimizers::optimizer::Common;
use crate::optimizers::pass::{Pass, Rule};
use crate::parameters::{Kind, Parameters};
use crate::parameters::{Path, Twins, walk};
use crate::scalar::Scalar;

/// `K` states: `K` values for each parameter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Buffers<Net, const K: usize> {
    pub(super) states: [Net; K],
}

impl<Net: Network, const K: usize> Buffers<Net, K> {
    pub(super) fn new() -> Self {
        Self { states: std::array::from_fn(|_| Net::zeros()) }
    }

    /// Takes one step by a rule.
    pub(super) fn step(
        &mut self,
        common: &mut Common,
        net: &mut Net,
        gradient: &Net,
        learning_rate: f64,
        rule: impl Rule<Net::Scalar, K>,
    ) {
        let frozen = take(net.frozen_mut());
        let scale = common.clip_norm.map_or(1.0, |most| clip(gradient, &frozen, most));
        let [keep, scale] = [common.keep(learning_rate), scale].map(Net::Scalar::of);
        let states = self.states.each_mut().map(|state| state as &mut dyn Parameters<Net::Scalar>);
        let mut flags = frozen.flags();
        walk(net, states, [gradient], Path::root(""), &mut |_, twins| {
            let Twins::Parameter { kind, values, others: states, from: [gradient], .. } = twins else { return };
            match kind {
                _ if flags.next() == Some(true) => {}
                Kind::Buffer { momentum } => track(values, gradient, momentum),
                _ => {
                    let keep = if kind == Kind::Weight { keep } else { Net::Scalar::of(1.0) };
                    vectorized(Pass { rule, keep, scale, values, gradient, states });
                }
            }
        });
        drop(flags);
        *net.frozen_mut() = frozen;
        common.steps += 1;
    }
}
