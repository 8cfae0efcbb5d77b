//! The trait of losses.

use nalgebra::Dim;

use crate::matrix::Batch;
use crate::parameters::{Part, PartMut};
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
/// A formula for one output becomes a loss by `#[loss]`. By hand, a loss implements this trait. It should sum in `f64`, as
/// the built-in ones do: an `f32` sum of equal terms stops growing at 2^24 of them. An example is the loss of a count, whose
/// logarithm is the output: `L = exp(y) - t · y`, as in Poisson regression.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::{Const, Dim};
/// use typenet::{Batch, Loss, Scalar, Shape};
///
/// #[derive(Clone, Default)]
/// struct Poisson;
///
/// impl<F: Shape> Loss<F> for Poisson {
///     type Target<T: Scalar, N: Dim> = Batch<T, N, F>;
///
///     fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> T {
///         let losses = y.iter().zip(t.iter()).map(|(&y, &t)| (y.exp() - t * y).as_f64());
///         T::of(losses.sum::<f64>() / y.len().max(1) as f64)
///     }
///
///     fn backward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, t: &Batch<T, N, F>, dy: &mut Batch<T, N, F>) -> T {
///         let count = T::of(y.len().max(1) as f64);
///         dy.zip_zip_apply(y, t, |dy, y, t| *dy = (y.exp() - t) / count);
///         self.forward(y, t)
///     }
///
///     fn convert<T: Scalar, U: Scalar, N: Dim>(t: &Batch<T, N, F>) -> Batch<U, N, F> {
///         Batch::from_matrix(t)
///     }
/// }
///
/// let (y, t) = (Batch::from([[0.0], [1.0_f64]]), Batch::from([[1.0], [2.0]]));
/// let mut dy = Batch::zeros(Const::<2>, Const::<1>);
/// let loss = Poisson.backward(&y, &t, &mut dy);
/// assert!((loss - (1.0 + 1_f64.exp() - 2.0) / 2.0).abs() < 1e-15);
/// assert_eq!(dy[0], 0.0);
/// ```
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

    /// The sum of the weights of `samples` samples, by which the sum of their losses is divided: by default `samples`.
    ///
    /// The mean loss of several batches is the mean of their losses, weighted by these sums.
    fn total_weight<T: Scalar, N: Dim>(&self, samples: usize, target: &Self::Target<T, N>) -> f64 {
        let _ = target;
        samples as f64
    }

    /// The class of a sample, for [`Sampling::Balanced`](crate::training::Sampling::Balanced).
    ///
    /// `None` if it is ignored or if targets are not classes. By default, the class in the target.
    fn class_of<T: Scalar, N: Dim>(&self, target: &Self::Target<T, N>, sample: usize) -> Option<usize> {
        target.class_of(sample)
    }

    /// The number of samples classified correctly, and the number of those that count; `None` if targets are not classes.
    fn count_correct<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Self::Target<T, N>) -> Option<[usize; 2]> {
        Some([target.count_correct(y)?, y.nrows()])
    }

    /// Returns the hyperparameter at `index`, or `None` past the last one.
    ///
    /// Copies and files of a network include it. A loss without hyperparameters omits this method.
    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        let _ = index;
        None
    }

    /// Returns the same hyperparameter mutably.
    fn part_mut<T: Scalar>(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        let _ = index;
        None
    }

    /// Converts a target to another precision.
    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Self::Target<T, N>) -> Self::Target<U, N>;
}
