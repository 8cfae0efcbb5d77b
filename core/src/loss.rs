//! What a loss is.

use nalgebra::{Dim, DimName};

use crate::{Batch, Scalar, Target};

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
    label = "a network ends in a loss, such as `SoftmaxWithLoss` or `MeanSquaredError`",
    note = "a loss of your own implements `typenet::Loss<F>`"
)]
pub trait Loss<F: DimName>: Sync {
    /// What the output is compared with: [`Labels`](crate::Labels) or a batch of numbers.
    type Target<T: Scalar, N: Dim>: Target<T, N, F>;

    /// The mean loss of the batch; 0 for a batch of no samples.
    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Self::Target<T, N>) -> T;

    /// Writes the derivative of the mean loss by `y` to all of `dy`, and returns the mean loss as well.
    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, F>,
        target: &Self::Target<T, N>,
        dy: &mut Batch<T, N, F>,
    ) -> T;

    /// The same target in another precision.
    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Self::Target<T, N>) -> Self::Target<U, N>;
}
