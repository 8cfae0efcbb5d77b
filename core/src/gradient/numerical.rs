//! The gradient by its definition.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::{Batch, Loss, Network, Scalar, TargetOf, batch_from};

/// The step of the central differences: where the error of the method, `h²`, and that of rounding the loss,
/// `2⁻⁵³ / h`, are about as large.
pub(super) const STEP: f64 = 1e-5;

/// Central differences of a network's loss in double precision, whatever the network's own.
pub(crate) struct Differences<Net: Network, N: Dim> {
    pub(super) network: Net::Precise,
    pub(super) x: Batch<f64, N, Net::Input>,
    pub(super) target: TargetOf<Net::Precise, N>,
    tape: <Net::Precise as Network>::Tape<N>,
}

impl<Net: Network, N: Dim> Differences<Net, N> {
    pub(crate) fn new<S: RawStorage<Net::Scalar, N, Net::Input>>(
        network: &Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
    ) -> Self {
        Self {
            network: network.precise(),
            x: batch_from(x),
            target: <Net::Loss as Loss<Net::Output>>::convert::<Net::Scalar, f64, N>(target),
            tape: Net::Precise::tape(x.shape_generic().0),
        }
    }

    /// The gradient, rounded to the network's own precision.
    pub(crate) fn gradient(mut self) -> Net {
        let mut gradient = Net::zeros();
        for block in 0.. {
            let Some(values) = gradient.parameter_mut(block) else { break };
            for (element, value) in values.iter_mut().enumerate() {
                *value = Net::Scalar::of(self.slope(block, element, STEP));
            }
        }
        gradient
    }

    /// `(L(w + h) - L(w - h)) / 2h` for one parameter `w`, which is left as it was.
    pub(super) fn slope(&mut self, block: usize, element: usize, step: f64) -> f64 {
        let at = self.replace(block, element, f64::NAN);
        self.replace(block, element, at + step);
        let above = self.loss();
        self.replace(block, element, at - step);
        let below = self.loss();
        self.replace(block, element, at);
        (above - below) / (2.0 * step)
    }

    /// The gradient by backpropagation, on a tape that was used before, as in training: a layer that adds to what is
    /// there instead of replacing it is found out.
    pub(super) fn backward(&mut self) -> Net::Precise {
        let mut gradient = Net::Precise::zeros();
        for _ in 0..2 {
            self.network.gradient_on(&self.x, &self.target, &mut self.tape, &mut gradient);
        }
        gradient
    }

    pub(super) fn loss(&mut self) -> f64 {
        self.network.loss_on(&self.x, &self.target, &mut self.tape)
    }

    fn replace(&mut self, block: usize, element: usize, value: f64) -> f64 {
        let values = self.network.parameter_mut(block).expect("the block was found in this network");
        std::mem::replace(&mut values[element], value)
    }
}
