use nalgebra::Dim;
use nalgebra::base::storage::RawStorage;

use super::buffers::Buffers;
use super::pass::Rule;
use super::{Common, Optimizer};
use crate::parameters::{Path, Twins, walk};
use crate::{Backward, Kind, Network, Scalar};

/// Stochastic gradient descent, the book's first optimiser: downhill.
///
/// ```text
/// w -= η g
/// ```
///
/// The gradient goes straight into the weights, as in [`Network::descend_on`], and is never stored. With
/// [a norm to clip to](Optimizer::clip_norm) it has to be; the first step makes room for it then.
///
/// Robbins and Monro, "A Stochastic Approximation Method" (1951); PyTorch's `SGD`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<Net> {
    common: Common,
    /// Where the gradient is stored to be clipped.
    buffers: Option<Buffers<Net, 0>>,
}

impl<Net: Network> Default for Sgd<Net> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Net: Network> Sgd<Net> {
    /// No weight decay, no clipping.
    pub fn new() -> Self {
        Self { common: Common::default(), buffers: None }
    }

    /// A step without a gradient that is stored. What it is made of is on the tape, so the weights may decay first.
    fn step_in_place<N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        net: &mut Net,
        backward: &Backward<'_, Net, N, S>,
        learning_rate: f64,
    ) {
        if self.common.weight_decay > 0.0 {
            decay(net, self.common.keep(learning_rate));
        }
        backward.add_gradient(Net::Scalar::of(-learning_rate), net);
        self.common.steps += 1;
    }
}

/// Multiplies the weights by `keep`.
fn decay<Net: Network>(net: &mut Net, keep: f64) {
    let keep = Net::Scalar::of(keep);
    walk(net, [], [], Path::root(""), &mut |_, twins| {
        if let Twins::Parameter { kind: Kind::Weight, values, .. } = twins {
            for value in values {
                *value *= keep;
            }
        }
    });
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

    fn step<N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
        &mut self,
        net: &mut Net,
        backward: &Backward<'_, Net, N, S>,
        learning_rate: f64,
    ) {
        if self.common.clip_norm.is_none() {
            return self.step_in_place(net, backward, learning_rate);
        }
        let buffers = self.buffers.get_or_insert_with(Buffers::new);
        buffers.step(&mut self.common, net, backward, learning_rate, Downhill { rate: Net::Scalar::of(learning_rate) });
    }
}

#[derive(Clone, Copy)]
struct Downhill<T> {
    rate: T,
}

impl<T: Scalar> Rule<T, 0> for Downhill<T> {
    #[inline(always)]
    fn fall(&self, g: T, []: &mut [T; 0]) -> T {
        self.rate * g
    }
}
