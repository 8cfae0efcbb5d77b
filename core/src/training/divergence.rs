//! A training that has gone astray.

use std::fmt::{self, Display, Formatter};

use nalgebra::{Dyn, RealField};

use crate::graph::number;
use crate::{Network, Samples, Scalar, Tape};

/// From how many times the first loss on a loss is no loss any more.
const TOO_LARGE: f64 = 1e6;

/// Where and why a training stopped being one: its loss became infinite, no number, or a million times its first loss.
///
/// (And above a million: a loss that began near 0 may grow.)
#[derive(Clone, Debug, PartialEq)]
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
pub enum Place {
    /// The samples themselves.
    Input,
    /// The output of that layer.
    Output(&'static str),
    /// The derivative of the loss by the output of that layer.
    Gradient(&'static str),
    /// That block of parameters, such as `affine1.weight`, after the last step.
    Parameter(String),
    /// Nothing before the loss itself.
    Loss,
    /// Nothing at all yet; this layer's output is the largest, with this number in it.
    Nothing(&'static str, f64),
}

/// Whether a loss says that the training goes astray.
pub(super) fn is_astray(loss: f64, first: f64) -> bool {
    !loss.is_finite() || loss.abs() > TOO_LARGE * first.abs().max(1.0)
}

impl Place {
    /// Looks through what a step left behind.
    pub(super) fn find<Net: Network>(
        tape: &Net::Tape<Dyn>,
        x: &Samples<Net::Scalar, Dyn, Net::Input>,
        loss: f64,
    ) -> Self {
        if !all_finite(x.data.values()) {
            return Self::Input;
        }
        let mut gradient = None;
        for written in tape.written() {
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
    fn largest<Net: Network>(tape: &Net::Tape<Dyn>) -> Self {
        let outputs = tape.written().map(|written| (written.layer, largest(written.y)));
        let (layer, output) = outputs.max_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or_default();
        Self::Nothing(layer, output)
    }
}

/// Whether there are only numbers, and finite ones.
pub(super) fn all_finite<T: RealField + Copy>(values: &[T]) -> bool {
    values.iter().all(T::is_finite)
}

/// The largest number without its sign.
pub(super) fn largest<T: Scalar>(values: &[T]) -> f64 {
    values.iter().fold(0.0, |largest: f64, value| largest.max(value.as_f64().abs()))
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => f.write_str("the input is the first that is not finite"),
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

impl Display for Divergence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { step, loss, first_loss, learning_rate, place, largest_input, restored } = self;
        let [loss, first_loss, learning_rate, largest_input] =
            [loss, first_loss, learning_rate, largest_input].map(|value| number(*value));
        write!(f, "the training has diverged: the loss of step {step} is {loss}")?;
        writeln!(f, "{}", if *step > 0 { format!(", and was {first_loss} in the first") } else { String::new() })?;
        writeln!(f, "  {place}")?;
        write!(f, "  usual causes: ")?;
        if *place == Place::Input {
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
