//! What a loss is.

use nalgebra::Dim;

use crate::matrix::Batch;
use crate::scalar::Scalar;
use crate::shape::Shape;
use crate::target::Target;

/// The end of a network: one number that says how far the output `y` is from a target, and its derivative.
///
/// ```text
/// forward    y (N x F), target  ->  the mean loss over the batch
/// backward   y (N x F), target  ->  dy (N x F), the derivative of that mean by y
/// ```
///
/// A loss of your own should add up in `f64`, as the built-in ones do: a sum in `f32` stops growing at 2^24 times what is
/// added.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss for `{F}` features",
    label = "expected a loss, such as `SoftmaxWithLoss` or `MeanSquaredError`",
    note = "to use your own loss, implement `typenet::Loss<F>`"
)]
pub trait Loss<F: Shape>: Clone + Send + Sync {
    /// What the output is compared with: [`Labels`](crate::Labels) or a batch of numbers.
    type Target<T: Scalar, N: Dim>: Target<T, N, F>;

    /// Why no network with `F` outputs can end in this loss, for the compiler's message; `None` if it can.
    const OBJECTION: Option<&'static str> = None;

    /// The mean loss of the batch; 0 for a batch of no samples.
    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Self::Target<T, N>) -> T;

    /// Writes the derivative of the mean loss by `y` to all of `dy`, and returns the mean loss as well.
    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, F>,
        target: &Self::Target<T, N>,
        dy: &mut Batch<T, N, F>,
    ) -> T;

    /// The name and value of the setting at that index, `None` past the last. Files and copies of a network keep it. A
    /// loss without numbers that are chosen leaves this out.
    fn setting(&self, index: usize) -> Option<(&'static str, &f64)> {
        let _ = index;
        None
    }

    /// The same setting, to be changed.
    fn setting_mut(&mut self, index: usize) -> Option<&mut f64> {
        let _ = index;
        None
    }

    /// The same target in another precision.
    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Self::Target<T, N>) -> Self::Target<U, N>;
}
