//! A training that has gone astray.

use std::fmt::{self, Display, Formatter};

use nalgebra::{DimName, Dyn};

use crate::graph::number;
use crate::matrix::Samples;
use crate::networks::DataFor;
use crate::networks::{Network, Tape, TargetOf};
use crate::scalar::{Scalar, all_finite};
use crate::target::Target;

/// From how many times the first loss, and the largest number in the data, on a training is none any more.
const TOO_LARGE: f64 = 1e6;

/// How many samples are looked at at a time.
const CHUNK: usize = 256;

/// Where and why a training stopped being one: its loss became infinite or no number, or it exploded.
///
/// It has exploded where the loss is a million times its first loss, and an output of a layer a million times the largest
/// number in the data; what is below 1 counts as 1. A large loss alone is none: targets may be large.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Divergence {
    /// In which step, counted from 0.
    pub step: u64,
    /// The loss of its batch.
    pub loss: f64,
    /// The loss of the first step.
    pub first_loss: f64,
    /// The learning rate of that step.
    pub learning_rate: f64,
    /// What was not finite first.
    pub place: Place,
    /// The batch's largest input, without its sign.
    pub largest_input: f64,
    /// The network has its weights from before this step again, the last that are known to be good.
    pub restored: u64,
}

/// What was not finite first, on the way forward and then back.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Place {
    /// The samples themselves.
    Input,
    /// What the outputs are to be.
    Target,
    /// The output of that layer.
    Output(String),
    /// The derivative of the loss by the output of that layer.
    Gradient(String),
    /// That block of parameters, such as `affine1.weight`, after the last step.
    Parameter(String),
    /// Nothing before the loss itself.
    Loss,
    /// Nothing at all yet; this layer's output is the largest, with this number in it.
    Nothing(String, f64),
}

/// Whether a loss is one that the training may have exploded with.
pub(super) fn is_suspicious(loss: f64, first: f64) -> bool {
    !loss.is_finite() || loss.abs() > TOO_LARGE * first.abs().max(1.0)
}

/// Whether outputs have grown out of proportion to the data, whose largest number is given.
pub(super) fn has_exploded<Net: Network>(tape: &Tape<Net, Dyn>, largest_in_data: f64) -> bool {
    tape.activations().iter().any(|layer| largest(layer.y) > TOO_LARGE * largest_in_data.max(1.0))
}

/// The largest number in all samples and their targets, without its sign.
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
    /// Looks through what a step left behind.
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
        for written in tape.activations() {
            if !all_finite(written.y) {
                return Self::Output(written.layer);
            }
            // Backward goes the other way, so the last of them is the first.
            if !all_finite(written.dy) {
                gradient = Some(Self::Gradient(written.layer));
            }
        }
        gradient.unwrap_or_else(|| if loss.is_finite() { Self::largest::<Net>(tape) } else { Self::Loss })
    }

    /// The layer with the largest output.
    fn largest<Net: Network>(tape: &Tape<Net, Dyn>) -> Self {
        let outputs = tape.activations().into_iter().map(|written| (written.layer, largest(written.y)));
        let (layer, output) = outputs.max_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or_default();
        Self::Nothing(layer, output)
    }
}

/// The largest number without its sign.
pub(super) fn largest<T: Scalar>(values: &[T]) -> f64 {
    values.iter().fold(0.0, |largest: f64, value| largest.max(value.as_f64().abs()))
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => f.write_str("the input is the first that is not finite"),
            Self::Target => f.write_str("the target is the first that is not finite"),
            Self::Output(layer) => write!(f, "the output of `{layer}` is the first that is not finite"),
            Self::Gradient(layer) => {
                write!(f, "the gradient at the output of `{layer}` is the first that is not finite")
            }
            Self::Parameter(name) => write!(f, "`{name}` is not finite after that step"),
            Self::Loss => f.write_str("the loss itself is the first that is not finite"),
            Self::Nothing(layer, largest) => {
                write!(f, "all is finite still; the largest output is {}, of `{layer}`", number(*largest))
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
        write!(f, "the training has diverged: the loss of step {step} is {loss}")?;
        writeln!(f, "{}", if *step > 0 { format!(", and was {first_loss} in the first") } else { String::new() })?;
        writeln!(f, "  {place}")?;
        write!(f, "  usual causes: ")?;
        if matches!(place, Place::Input | Place::Target) {
            write!(f, "data with gaps, or scaled by a deviation of 0")?;
        } else {
            write!(
                f,
                "a learning rate that is too large (it is {learning_rate}; try a tenth), data that are not scaled "
            )?;
            write!(f, "(the largest input is {largest_input}),\n    weights that start too large, a logarithm or a ")?;
            write!(f, "division in a layer of your own")?;
        }
        write!(f, "\n  the network has its weights from before step {restored} again")
    }
}
