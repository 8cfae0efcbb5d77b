#[cfg(feature = "alloc")]
use crate::parameters::Operation;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// A loss that defines the probabilities of a network's outputs, such as softmax.
///
/// `Network::probabilities` and [`infer_probabilities`](crate::Network::infer_probabilities) return them.
#[diagnostic::on_unimplemented(
    message = "the loss `{Self}` defines no probabilities",
    label = "the network ends in this loss",
    note = "`SoftmaxWithLoss` and `SigmoidWithLoss` define probabilities; `predict` returns the outputs themselves"
)]
pub trait Probabilities<F: Shape> {
    /// Replaces the outputs of any number of samples by their probabilities, column-major: one output after the other.
    fn replace<T: Scalar>(&self, y: &mut [T]);

    /// The probabilities of the outputs in the operators of ONNX, or `None` if they have no such form.
    #[cfg(feature = "alloc")]
    fn operation(&self) -> Option<Operation> {
        None
    }
}
