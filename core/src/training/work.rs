//! The buffers of a training step.

use nalgebra::{DimName, Dyn};

use crate::matrix::Samples;
use crate::networks::{Network, Tape, TargetOf};
use crate::target::Target;

/// The buffers for batches, or parts of batches, of one size.
pub(super) struct Work<Net: Network> {
    pub x: Samples<Net::Scalar, Dyn, Net::Input>,
    /// The samples before they are augmented.
    pub images: Option<Samples<Net::Scalar, Dyn, Net::Input>>,
    pub target: TargetOf<Net, Dyn>,
    pub tape: Tape<Net, Dyn>,
}

impl<Net: Network> Work<Net> {
    pub(super) fn new(samples: usize) -> Self {
        let samples = Dyn(samples);
        Self {
            x: Samples::zeros(samples, Net::Input::name()),
            images: None,
            target: Target::empty(samples),
            tape: Net::tape(samples),
        }
    }
}
