//! The built-in losses, one per file.

mod distance;
#[doc(hidden)] // `#[loss]` generates uses of it
pub mod elementwise;
mod huber;
#[cfg(feature = "alloc")]
mod loss;
mod mean_absolute_error;
mod mean_squared_error;
mod probabilities;
mod sample_weighted;
mod sigmoid_with_loss;
mod softmax;
mod softmax_with_loss;
mod softmax_with_options;
mod softmax_with_soft_targets;

#[cfg(feature = "std")]
pub(crate) use distance::sum_of_distances;
pub use huber::Huber;
#[cfg(feature = "alloc")]
pub use loss::Loss;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use probabilities::Probabilities;
pub use sample_weighted::SampleWeighted;
#[cfg(feature = "alloc")]
pub use sample_weighted::WeightedLoss;
pub use sigmoid_with_loss::{PerOutput, SigmoidWithLoss, SigmoidWithPosWeight};
pub use softmax_with_loss::SoftmaxWithLoss;
pub use softmax_with_options::SoftmaxWithOptions;
pub use softmax_with_soft_targets::SoftmaxWithSoftTargets;

#[cfg(test)]
mod tests {
    use crate::losses::loss::Loss;
    use crate::matrix::Batch;
    use crate::shape::Shape;
    use crate::target::Target;
    use nalgebra::{Dim, Dyn};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    /// Checks backward against central differences, and the loss that it returns against forward.
    pub(super) fn check_gradient<F: Shape, L: Loss<F>, N: Dim>(loss: &L, target: &L::Target<f64, N>, n: N) {
        let mut rng = StdRng::seed_from_u64(7);
        let mut y: Batch<f64, N, F> = Batch::zeros(n, F::name());
        y.apply(|value| *value = rng.random_range(-3.0..3.0));
        let mut dy = Batch::zeros(n, F::name());
        dy.fill(f64::NAN);
        let mean = loss.backward(&y, target, &mut dy);
        assert!((mean - loss.forward(&y, target)).abs() <= 1e-14 * mean.abs().max(1.0));
        for element in 0..y.len() {
            let at = |step: f64| {
                let mut moved = y.clone();
                moved[element] += step;
                loss.forward(&moved, target)
            };
            let numerical = (at(1e-5) - at(-1e-5)) / 2e-5;
            assert!((dy[element] - numerical).abs() <= 1e-8, "element {element}: {} and {numerical}", dy[element]);
        }
    }

    /// Checks the mean loss of many samples against single losses summed in `f64`.
    pub(super) fn check_mean<F: Shape, L: Loss<F>>(loss: &L, y: &Batch<f32, Dyn, F>, target: &L::Target<f32, Dyn>) {
        let (mut row, mut single) = (Batch::zeros(Dyn(1), F::name()), L::Target::<f32, Dyn>::empty(Dyn(1)));
        let losses = (0..y.nrows()).map(|sample| {
            row.row_mut(0).copy_from(&y.row(sample));
            single.copy_sample(0, target, sample);
            f64::from(loss.forward(&row, &single))
        });
        assert_mean(loss, y, target, losses.sum::<f64>() / y.nrows() as f64);
    }

    /// Checks the mean loss of forward and backward to a relative error of 1e-6.
    pub(super) fn assert_mean<F: Shape, L: Loss<F>>(
        loss: &L,
        y: &Batch<f32, Dyn, F>,
        target: &L::Target<f32, Dyn>,
        mean: f64,
    ) {
        let mut dy = Batch::zeros(Dyn(y.nrows()), F::name());
        for (pass, found) in [("forward", loss.forward(y, target)), ("backward", loss.backward(y, target, &mut dy))] {
            let error = f64::from(found) / mean - 1.0;
            assert!(error.abs() <= 1e-6, "{pass}: {found}, not {mean}, an error of {error:.1e}");
        }
    }
}
