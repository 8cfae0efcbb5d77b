//! Detects and explains divergence.

use std::fmt::{self, Display, Formatter};

use nalgebra::{DimName, Dyn};

use crate::graph::number;
use crate::matrix::Samples;
use crate::networks::DataFor;
use crate::networks::{Network, Tape, TargetOf};
use crate::scalar::{Scalar, all_finite};
use crate::target::Target;

/// The ratio that means divergence, of the loss to the first loss, and of an output to the largest number in the data.
const TOO_LARGE: f64 = 1e6;

/// The number of samples to read at a time.
const CHUNK: usize = 256;

/// The step and the place of a divergence: the loss became NaN or infinite, or training exploded.
///
/// Training has exploded if both are more than a million times larger: the loss than the first loss, and an output of a
/// layer than the largest number in the data. A first loss or largest number below 1 counts as 1. A large loss alone is
/// not a divergence, because targets may be large.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Divergence {
    /// The index of the step, from 0.
    pub step: u64,
    /// The loss of the step's batch, or of the part of it that diverged.
    pub loss: f64,
    /// The loss of the first step.
    pub first_loss: f64,
    /// The learning rate of the step.
    pub learning_rate: f64,
    /// The first value that is not finite.
    pub place: Place,
    /// The largest absolute value among the batch's inputs.
    pub largest_input: f64,
    /// The step before which the network had the restored weights, the last good ones.
    pub restored: u64,
}

/// The first value that is not finite, in the order of the forward and the backward pass.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Place {
    /// The batch's inputs.
    Input,
    /// The batch's targets.
    Target,
    /// The output of this layer.
    Output(String),
    /// The derivative of the loss with respect to the output of this layer.
    Gradient(String),
    /// This parameter, such as `affine1.weight`, after the step.
    Parameter(String),
    /// The loss itself.
    Loss,
    /// Found by this rank of a [collective](super::Collective), whose error has the place.
    Rank(usize),
    /// None, all values are finite; this layer has the largest output, with this absolute value.
    Nothing(String, f64),
}

/// Returns true if the loss is large enough for a divergence.
pub(super) fn is_suspicious(loss: f64, first: f64) -> bool {
    !loss.is_finite() || loss.abs() > TOO_LARGE * first.abs().max(1.0)
}

/// Returns true if an output is too large for data with this largest number.
pub(super) fn has_exploded<Net: Network>(tape: &Tape<Net, Dyn>, largest_in_data: f64) -> bool {
    tape.activations().iter().any(|layer| largest(layer.y) > TOO_LARGE * largest_in_data.max(1.0))
}

/// The largest absolute value among all samples and their targets.
pub(super) fn largest_in<Net: Network, D: DataFor<Net>>(data: &D) -> f64 {
    let mut largest = 0.0_f64;
    for start in (0..data.len()).step_by(CHUNK) {
        let samples = Dyn(CHUNK.min(data.len() - start));
        let (mut x, mut target) = (Samples::zeros(samples, Net::Input::name()), D::Target::empty(samples));
        data.range_into(start, &mut x, &mut target);
        largest = largest.max(self::largest(x.data.values())).max(self::largest(target.numbers()));
    }
    largest
}

impl Place {
    /// Finds the first value that is not finite in a step.
    pub(super) fn find<Net: Network>(
        tape: &Tape<Net, Dyn>,
        x: &Samples<Net::Scalar, Dyn, Net::Input>,
        target: &TargetOf<Net, Dyn>,
        loss: f64,
    ) -> Self {
        if !all_finite(x.data.values()) {
            return Self::Input;
        }
        if !all_finite(target.numbers()) {
            return Self::Target;
        }
        let mut gradient = None;
        for layer in tape.activations() {
            if !all_finite(layer.y) {
                return Self::Output(layer.layer);
            }
            // Backward visits layers in reverse order, so the last one found is the first.
            if !all_finite(layer.dy) {
                gradient = Some(Self::Gradient(layer.layer));
            }
        }
        gradient.unwrap_or_else(|| if loss.is_finite() { Self::largest::<Net>(tape) } else { Self::Loss })
    }

    /// Finds the layer with the largest output.
    fn largest<Net: Network>(tape: &Tape<Net, Dyn>) -> Self {
        let outputs = tape.activations().into_iter().map(|layer| (layer.layer, largest(layer.y)));
        let (layer, output) = outputs.max_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or_default();
        Self::Nothing(layer, output)
    }
}

/// The largest absolute value.
pub(super) fn largest<T: Scalar>(values: &[T]) -> f64 {
    values.iter().fold(0.0, |largest: f64, value| largest.max(value.as_f64().abs()))
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => f.write_str("the input has a NaN or infinite value"),
            Self::Target => f.write_str("the target has a NaN or infinite value"),
            Self::Output(layer) => write!(f, "the first NaN or infinite value is in the output of `{layer}`"),
            Self::Gradient(layer) => {
                write!(f, "the first NaN or infinite value is in the gradient at the output of `{layer}`")
            }
            Self::Parameter(name) => write!(f, "`{name}` has a NaN or infinite value after this step"),
            Self::Rank(rank) => write!(f, "rank {rank} found it, and its error has the place"),
            Self::Loss => f.write_str("the first NaN or infinite value is the loss itself"),
            Self::Nothing(layer, largest) => {
                write!(f, "all values are still finite; the largest output is {}, of `{layer}`", number(*largest))
            }
        }
    }
}

impl std::error::Error for Divergence {}

impl Display for Divergence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { step, loss, first_loss, learning_rate, place, largest_input, restored } = self;
        let [loss, first_loss, learning_rate, largest_input] =
            [loss, first_loss, learning_rate, largest_input].map(|value| number(*value));
        write!(f, "training diverged: the loss of step {step} is {loss}")?;
        writeln!(f, "{}", if *step > 0 { format!(", after {first_loss} in the first step") } else { String::new() })?;
        writeln!(f, "  {place}")?;
        write!(f, "  usual causes: ")?;
        if matches!(place, Place::Input | Place::Target) {
            write!(f, "missing values in the data, or scaling by a standard deviation of 0")?;
        } else {
            write!(f, "a learning rate that is too large (it is {learning_rate}; try a tenth), unscaled data ")?;
            write!(
                f,
                "(the largest input is {largest_input}),\n    initial weights that are too large, a logarithm or "
            )?;
            write!(f, "a division in your own layer")?;
        }
        write!(f, "\n  the network has its weights from before step {restored}")
    }
}
