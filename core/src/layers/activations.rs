use alloc::string::String;

use nalgebra::{Dim, Dyn, MatrixView};

use crate::matrix::Batch;
use crate::scalar::Scalar;

/// A layer's recorded output and gradient; see [`Tape::activations`](crate::Tape::activations).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Activations<'a, T> {
    /// The layer's name, such as `affine1`, or `block1.affine1` for an inner layer.
    pub layer: String,
    /// The number of samples.
    pub samples: usize,
    /// The layer's output, column-major.
    pub y: &'a [T],
    /// The derivative of the loss with respect to that output.
    pub dy: &'a [T],
}

impl<'a, T: Scalar> Activations<'a, T> {
    pub(crate) fn new<N: Dim, F: Dim>(layer: String, y: &'a Batch<T, N, F>, dy: &'a Batch<T, N, F>) -> Self {
        Self { layer, samples: y.nrows(), y: y.data.values(), dy: dy.data.values() }
    }

    /// The layer's output as a matrix: a row for each sample, a column for each feature.
    pub fn matrix(&self) -> MatrixView<'a, T, Dyn, Dyn> {
        let features = self.y.len().checked_div(self.samples).unwrap_or(0);
        MatrixView::from_slice_generic(self.y, Dyn(self.samples), Dyn(features))
    }
}
