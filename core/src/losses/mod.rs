//! The built-in losses, one a file.

mod mean_squared_error;
mod softmax_with_loss;

pub use mean_squared_error::MeanSquaredError;
pub use softmax_with_loss::SoftmaxWithLoss;

#[cfg(test)]
mod tests {
    use crate::{Batch, Loss, zeros};
    use nalgebra::{Dim, DimName};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    /// Checks a loss's backward against central differences, and that it returns what forward returns.
    pub(super) fn check_gradient<F: DimName, L: Loss<F>, N: Dim>(loss: &L, target: &L::Target<f64, N>, n: N) {
        let mut rng = StdRng::seed_from_u64(7);
        let mut y: Batch<f64, N, F> = zeros(n, F::name());
        y.apply(|value| *value = rng.random_range(-3.0..3.0));
        let mut dy = zeros(n, F::name());
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
}
