//! Gradients by finite differences.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::layers::Mode;
use crate::losses::Loss;
use crate::matrix::Batch;
use crate::networks::{Network, Tape, TargetOf};
use crate::scalar::Scalar;

/// The step of the central differences for parameters up to 1.
///
/// Here the error of the method, `h²`, is about as large as the rounding error of the loss, `2⁻⁵³ / h`.
const STEP: f64 = 1e-5;
/// All passes use the same noise.
const MODE: Mode = Mode::train(0);

/// Central differences of a network's loss, in `f64`.
pub(crate) struct Differences<Net: Network, N: Dim> {
    pub(super) network: Net::F64,
    pub(super) x: Batch<f64, N, Net::Input>,
    pub(super) target: TargetOf<Net::F64, N>,
    pub(super) tape: Tape<Net::F64, N>,
}

impl<Net: Network, N: Dim> Differences<Net, N> {
    pub(crate) fn new<S: RawStorage<Net::Scalar, N, Net::Input>>(
        network: &Net,
        x: &Matrix<Net::Scalar, N, Net::Input, S>,
        target: &TargetOf<Net, N>,
    ) -> Self {
        Self {
            network: network.to_f64(),
            x: Batch::from_matrix(x),
            target: <Net::Loss as Loss<Net::Output>>::convert::<Net::Scalar, f64, N>(target),
            tape: Net::F64::tape(x.shape_generic().0),
        }
    }

    /// The gradient, rounded to the network's scalar.
    pub(crate) fn gradient(mut self) -> Net {
        let mut gradient = Net::zeros();
        for block in 0.. {
            let Some(values) = gradient.parameter_mut(block) else { break };
            for (element, value) in values.iter_mut().enumerate() {
                *value = Net::Scalar::of(self.slope(block, element, 1.0));
            }
        }
        gradient
    }

    /// The step for one parameter, which grows with the parameter so that rounding does not swallow it.
    pub(super) fn step(&mut self, block: usize, element: usize) -> f64 {
        STEP * self.size(block, element).max(1.0)
    }

    /// The parameter's absolute value.
    pub(super) fn size(&mut self, block: usize, element: usize) -> f64 {
        self.values(block)[element].abs()
    }

    /// `(L(w + h) - L(w - h)) / 2h` for one parameter `w`, where `h` is `part` of its [`step`](Self::step).
    pub(super) fn slope(&mut self, block: usize, element: usize, part: f64) -> f64 {
        let step = part * self.step(block, element);
        let [(high, above), (low, below)] = [step, -step].map(|step| self.moved(block, element, step, Self::loss));
        (above - below) / (high - low)
    }

    /// `(L(w) - L(w - h)) / h` and `(L(w + h) - L(w)) / h`, smallest first; they differ at a kink.
    pub(super) fn slopes_of_sides(&mut self, block: usize, element: usize, part: f64) -> [f64; 2] {
        let (step, (at, middle)) = (part * self.step(block, element), self.moved(block, element, 0.0, Self::loss));
        let [below, above] = [-step, step].map(|step| {
            let (moved, loss) = self.moved(block, element, step, Self::loss);
            (loss - middle) / (moved - at)
        });
        [below.min(above), below.max(above)]
    }

    /// The rounding error of a slope: that of the loss at `w + h`, see [`rounding`](Self::rounding), divided by `h`.
    pub(super) fn rounding_of_slope(&mut self, block: usize, element: usize, part: f64) -> f64 {
        let step = part * self.step(block, element);
        let rounding = |differences: &mut Self| {
            differences.backward();
            differences.rounding()
        };
        self.moved(block, element, step, rounding).1 / step
    }

    /// Estimates the rounding error of the loss; call [`backward`](Self::backward) first.
    ///
    /// Adds the error of the loss itself and those of the layers' outputs: `ε y`, times the loss's derivative `dy`.
    pub(super) fn rounding(&mut self) -> f64 {
        let outputs = self.tape.activations();
        let outputs = outputs.iter().flat_map(|layer| layer.y.iter().zip(layer.dy));
        let squares: f64 = outputs.map(|(y, dy)| (y * dy) * (y * dy)).sum();
        f64::EPSILON * (1.0 + self.loss().abs() + squares.sqrt())
    }

    /// Calls `find` with the parameter at `w + step`, then restores it; returns `w + step` and the result.
    fn moved<R>(&mut self, block: usize, element: usize, step: f64, find: impl Fn(&mut Self) -> R) -> (f64, R) {
        let at = self.values(block)[element];
        self.values(block)[element] = at + step;
        let found = (at + step, find(self));
        self.values(block)[element] = at;
        found
    }

    /// The gradient by backpropagation.
    ///
    /// Runs twice on one tape, to detect a layer that adds to old values instead of replacing them.
    pub(super) fn backward(&mut self) -> Net::F64 {
        let mut gradient = Net::F64::zeros();
        for _ in 0..2 {
            gradient.set_to_zero();
            let forward = self.tape.forward_in(MODE, &self.network, &self.x);
            forward.backward(&self.target).add_gradient(1.0, &mut gradient);
        }
        gradient
    }

    pub(super) fn loss(&mut self) -> f64 {
        self.tape.forward_in(MODE, &self.network, &self.x).loss(&self.target)
    }

    fn values(&mut self, block: usize) -> &mut [f64] {
        self.network.parameter_mut(block).expect("the block was found in this network")
    }
}
