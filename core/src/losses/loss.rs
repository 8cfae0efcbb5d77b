//! The trait of losses.

use nalgebra::Dim;

use crate::matrix::Batch;
use crate::scalar::Scalar;
use crate::shape::Shape;
use crate::target::Target;

/// The loss of a network: the mean distance of the output `y` from a target, and its derivative.
///
/// ```text
/// forward    y (N x F), target  ->  the mean loss over the batch
/// backward   y (N x F), target  ->  dy (N x F), the derivative of that mean with respect to y
/// ```
///
/// Your own loss should sum in `f64`, as the built-in ones do: an `f32` sum of equal terms stops
/// growing at 2^24 of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss for `{F}` features",
    label = "expected a loss, such as `SoftmaxWithLoss` or `MeanSquaredError`",
    note = "to use your own loss, implement `typenet::Loss<F>`"
)]
pub trait Loss<F: Shape>: Clone + Send + Sync {
    /// The type of the targets: [`Labels`](crate::Labels), or a batch of values.
    type Target<T: Scalar, N: Dim>: Target<T, N, F>;

    /// The compile error for networks with `F` outputs, or `None` if they can use this loss.
    const OBJECTION: Option<&'static str> = None;

    /// The mean loss of the batch; 0 for an empty batch.
    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Self::Target<T, N>) -> T;

    /// Overwrites `dy` with the derivative of the mean loss with respect to `y`, and returns the mean loss.
    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, F>,
        target: &Self::Target<T, N>,
        dy: &mut Batch<T, N, F>,
    ) -> T;

    /// Returns the name and value of the hyperparameter at `index`, or `None` past the last one.
    ///
    /// Copies and files of a network include it. A loss without hyperparameters omits this method.
    fn setting(&self, index: usize) -> Option<(&'static str, &f64)> {
        let _ = index;
        None
    }

    /// Returns the same hyperparameter mutably.
    fn setting_mut(&mut self, index: usize) -> Option<&mut f64> {
        let _ = index;
        None
    }

    /// Converts a target to another precision.
    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Self::Target<T, N>) -> Self::Target<U, N>;
}
