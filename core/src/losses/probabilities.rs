use nalgebra::Dim;

use crate::losses::loss::Loss;
use crate::matrix::Batch;
use crate::parameters::Operation;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// A loss that defines the probabilities of a network's outputs, such as softmax.
///
/// [`Network::probabilities`](crate::Network::probabilities) returns them.
#[diagnostic::on_unimplemented(
    message = "the loss `{Self}` defines no probabilities",
    label = "the network ends in this loss",
    note = "`SoftmaxWithLoss` and `SigmoidWithLoss` define probabilities; `predict` returns the outputs themselves"
)]
pub trait Probabilities<F: Shape>: Loss<F> {
    /// Replaces the outputs of a batch by their probabilities.
    fn replace<T: Scalar, N: Dim>(&self, y: &mut Batch<T, N, F>);

    /// The probabilities of the outputs in the operators of ONNX, or `None` if they have no such form.
    fn operation(&self) -> Option<Operation> {
        None
    }

    /// Replaces the `F` outputs of one sample by their probabilities.
    fn replace_one<T: Scalar>(&self, y: &mut [T]);
}
