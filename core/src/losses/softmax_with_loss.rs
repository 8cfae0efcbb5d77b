use std::ops::Range;

use nalgebra::{Const, Dim};

use crate::kernels::vectorized;
#[cfg(feature = "alloc")]
use crate::labels::Labels;
#[cfg(feature = "alloc")]
use crate::losses::loss::Loss;
use crate::losses::probabilities::Probabilities;
use crate::losses::softmax::{Block, Sums, blocks, softmax};
use crate::matrix::Batch;
use crate::matrix::rows_of;
use crate::parameters::embedded;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

pub(super) const ONE_OUTPUT: &str = "softmax over one output is always 1, so `SoftmaxWithLoss` has nothing to learn: use one output per class, `SigmoidWithLoss` for yes and no, or `MeanSquaredError` for a number";

/// Softmax and cross-entropy: PyTorch's `CrossEntropyLoss`.
///
/// ```text
/// softmax    P = exp(Y) / row sums of exp(Y)          (N x C)
/// forward    L = -mean over the rows of ln P[label]
/// backward   dY = (P - T) / N                         (N x C), T: the one-hot labels
/// ```
///
/// The loss of a row is computed by log-sum-exp, `L = ln Σ exp(y) - y[label]`, after subtracting the row's maximum. So
/// outputs of ±1000 give a finite loss and gradient, without a small constant inside the logarithm. The losses of the
/// rows are summed in `f64`.
///
/// `SoftmaxWithLoss(label_smoothing = 0.1)` in `network!`, and the hyperparameters `class_weights` and `ignore_class`, are
/// those of [`SoftmaxWithOptions`](super::SoftmaxWithOptions). For targets that are probabilities, end the network in
/// [`SoftmaxWithSoftTargets`](super::SoftmaxWithSoftTargets).
///
/// It needs at least two outputs, since softmax over one output is always 1. `network!` rejects one output at the
/// declaration. A direct call, or a network with a generic number of outputs, fails to build:
///
/// ```compile_fail,E0080
/// # use typenet_core as typenet;
/// use typenet::losses::SoftmaxWithLoss;
/// use typenet::nalgebra::Const;
/// use typenet::{Batch, Labels, Loss};
///
/// let y: Batch<f32, Const<2>, Const<1>> = Batch::zeros(Const, Const);
/// SoftmaxWithLoss.forward(&y, &Labels::zeros(Const));
/// ```
#[doc(alias("Softmax", "LogSoftmax", "CrossEntropy", "CrossEntropyLoss", "NLLLoss"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftmaxWithLoss;

#[cfg(feature = "alloc")]
impl SoftmaxWithLoss {
    /// The probabilities of the classes: each row is positive and sums to 1.
    pub fn softmax<T: Scalar, N: Dim, const C: usize>(&self, y: &Batch<T, N, Const<C>>) -> Batch<T, N, Const<C>> {
        let mut probabilities = y.clone();
        softmax::<C, T>(probabilities.data.values_mut());
        probabilities
    }
}

impl<const C: usize> Probabilities<Const<C>> for SoftmaxWithLoss {
    fn replace<T: Scalar>(&self, y: &mut [T]) {
        softmax::<C, T>(y);
    }

    #[cfg(feature = "alloc")]
    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("Softmax", [Operand::Input]).into())
    }
}

embedded!([] SoftmaxWithLoss = Self);

#[cfg(feature = "alloc")]
impl<const C: usize> Loss<Const<C>> for SoftmaxWithLoss {
    type Target<T: Scalar, N: Dim> = Labels<N, Const<C>>;

    const OBJECTION: Option<&'static str> = if C == 1 { Some(ONE_OUTPUT) } else { None };

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, Const<C>>, labels: &Labels<N, Const<C>>) -> T {
        const { assert!(C != 1, "{}", ONE_OUTPUT) };
        assert_count(y, labels);
        let total = blocks(y).fold(0.0, |total, rows| {
            let sums =
                vectorized(Block::<C, T> { y: y.data.values(), samples: y.nrows(), rows: rows.clone(), out: None });
            total + loss_of_rows(y, labels, rows, &sums)
        });
        T::of(total / count(y))
    }

    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        labels: &Labels<N, Const<C>>,
        dy: &mut Batch<T, N, Const<C>>,
    ) -> T {
        const { assert!(C != 1, "{}", ONE_OUTPUT) };
        assert_count(y, labels);
        let share = T::of(1.0 / count(y));
        let mut total = 0.0;
        for rows in blocks(y) {
            let out = Some((dy.data.values_mut(), share));
            let sums = vectorized(Block::<C, T> { y: y.data.values(), samples: y.nrows(), rows: rows.clone(), out });
            total += loss_of_rows(y, labels, rows, &sums);
        }
        for (row, &label) in labels.classes().iter().enumerate() {
            dy[(row, label)] -= share;
        }
        T::of(total / count(y))
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(labels: &Labels<N, Const<C>>) -> Labels<N, Const<C>> {
        labels.clone()
    }
}

/// The sum of the rows' losses, in `f64`: an `f32` sum stops growing at 2^24 times its terms.
#[cfg(feature = "alloc")]
fn loss_of_rows<T: Scalar, N: Dim, const C: usize>(
    y: &Batch<T, N, Const<C>>,
    labels: &Labels<N, Const<C>>,
    rows: Range<usize>,
    Sums { maxima, sums }: &Sums<T>,
) -> f64 {
    // The outputs are subtracted first: adding a large maximum would cancel the digits of the logarithm.
    let loss = |(row, (&maximum, sum)): (usize, (&T, &T))| sum.ln() + (maximum - y[(row, labels.classes()[row])]);
    rows.zip(maxima.iter().zip(sums)).fold(0.0, |total, row| total + loss(row).as_f64())
}

/// The divisor of a sum over rows.
pub(super) fn count<T: Scalar, N: Dim, const C: usize>(y: &Batch<T, N, Const<C>>) -> f64 {
    y.nrows().max(1) as f64
}

#[cfg(feature = "alloc")]
pub(super) fn assert_count<T: Scalar, N: Dim, const C: usize>(y: &Batch<T, N, Const<C>>, labels: &Labels<N, Const<C>>) {
    let samples = rows_of(y).value();
    assert_eq!(labels.len(), samples, "{} labels for a batch of {samples} samples", labels.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::tests::{assert_mean, check_gradient, check_mean};
    use crate::matrix::Batch;
    use nalgebra::{Dyn, SMatrix};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    #[test]
    fn gradients_agree_with_differences() {
        check_gradient(&SoftmaxWithLoss, &Labels::<_, Const<3>>::try_from([2, 0]).unwrap(), Const::<2>);
        check_gradient(&SoftmaxWithLoss, &Labels::<_, Const<10>>::try_from(vec![9, 0, 4, 4, 1]).unwrap(), Dyn(5));
    }

    /// The chapter's section 5.6.3, with the second class as the label.
    ///
    /// The outputs (0.3, 0.2, 0.5) give the gradient (0.3, -0.8, 0.5), and (0.01, 0.99, 0) give (0.01, -0.01, 0).
    #[test]
    fn the_gradient_is_y_minus_t_as_in_the_book() {
        for (probabilities, wanted) in
            [([0.3, 0.2, 0.5], [0.3, -0.8, 0.5]), ([0.01, 0.99, 1e-300], [0.01, -0.01, 1e-300])]
        {
            let y: Batch<f64, Const<1>, Const<3>> =
                Batch::from_matrix(&SMatrix::<f64, 1, 3>::from_row_slice(&probabilities).map(f64::ln));
            let label = Labels::try_from([1]).unwrap();
            let mut dy = Batch::zeros(Const, Const);
            let loss = SoftmaxWithLoss.backward(&y, &label, &mut dy);
            assert!((loss + f64::ln(probabilities[1])).abs() < 1e-15);
            for (got, wanted) in dy.iter().zip(wanted) {
                assert!((got - wanted).abs() < 1e-15, "{got}, not {wanted}");
            }
        }
    }

    /// The book's section 3.5: softmax of (0.3, 2.9, 4.0).
    #[test]
    fn softmax_as_in_the_book() {
        let y: Batch<f64, Const<1>, Const<3>> = Batch::from_matrix(&SMatrix::<f64, 1, 3>::new(0.3, 2.9, 4.0));
        let probabilities = SoftmaxWithLoss.softmax(&y);
        for (got, wanted) in probabilities.iter().zip([0.018_211_27, 0.245_191_81, 0.736_596_91]) {
            assert!((got - wanted).abs() < 5e-9, "{got}, not {wanted}");
        }
        assert!((probabilities.sum() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn outputs_of_a_thousand_stay_finite() {
        for (turn, label) in (0..3).flat_map(|turn| (0..3).map(move |label| (turn, label))) {
            let mut outputs = [1000.0, -1000.0, 0.0];
            outputs.rotate_right(turn);
            let y: Batch<f32, Const<1>, Const<3>> = Batch::from_matrix(&SMatrix::<f32, 1, 3>::from_row_slice(&outputs));
            let labels = Labels::try_from([label]).unwrap();
            let mut dy = Batch::zeros(Const, Const);
            let loss = SoftmaxWithLoss.backward(&y, &labels, &mut dy);
            assert_eq!(loss, 1000.0 - outputs[label]);
            assert_eq!(loss, SoftmaxWithLoss.forward(&y, &labels));
            assert!(dy.iter().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn each_row_has_its_own_maximum() {
        let y: Batch<f32, Const<2>, Const<2>> =
            Batch::from_matrix(&SMatrix::<f32, 2, 2>::new(1000.0, 1001.0, -1000.0, -1001.0));
        let probabilities = SoftmaxWithLoss.softmax(&y);
        assert!((probabilities[(0, 1)] - 0.731_058_6).abs() < 1e-6);
        assert!((probabilities[(1, 0)] - 0.731_058_6).abs() < 1e-6);
    }

    /// Compares single with double precision, on rows of ten outputs.
    ///
    /// Far from the maximum, `exp` magnifies the rounding error of the difference in proportion to its size; PyTorch's
    /// result is no closer. The last output is 0 and is the label, so that the loss equals log-sum-exp.
    #[test]
    fn softmax_and_log_sum_exp_are_near_the_exact_values() {
        for (range, of_softmax) in [(1.0, 5.0), (20.0, 45.0)] {
            let mut rng = StdRng::seed_from_u64(1);
            let (mut worst, mut worst_sum) = (0.0_f64, 0.0_f64);
            for _ in 0..if cfg!(miri) { 10 } else { 20_000 } {
                let mut y: Batch<f32, Const<1>, Const<10>> = Batch::zeros(Const, Const);
                y.iter_mut().take(9).for_each(|y| *y = rng.random_range(-range..range));
                let exact: Vec<f64> = y.iter().map(|&y| f64::from(y).exp()).collect();
                let sum: f64 = exact.iter().sum();
                for (&got, exact) in SoftmaxWithLoss.softmax(&y).iter().zip(&exact) {
                    worst = worst.max(ulps(got, exact / sum, exact / sum));
                }
                let loss = SoftmaxWithLoss.forward(&y, &[9].try_into().unwrap());
                worst_sum = worst_sum.max(ulps(loss, sum.ln(), sum.ln().max(1.0)));
            }
            println!("outputs to {range}: softmax {worst:.2} ulp, log-sum-exp {worst_sum:.2} ulp");
            assert!(worst <= of_softmax && worst_sum <= 2.0, "softmax {worst} ulp, log-sum-exp {worst_sum} ulp");
        }
    }

    /// The distance from the exact value, in ulp of `size`.
    #[allow(clippy::cast_possible_truncation)] // rounding to the nearest is intended
    fn ulps(got: f32, exact: f64, size: f64) -> f64 {
        let size = size as f32;
        (f64::from(got) - exact).abs() / f64::from(size.next_up() - size)
    }

    #[test]
    fn an_empty_batch_has_loss_zero() {
        let y: Batch<f32, Dyn, Const<2>> = Batch::zeros(Dyn(0), Const);
        assert_eq!(SoftmaxWithLoss.forward(&y, &Labels::try_from(vec![]).unwrap()), 0.0);
    }

    #[test]
    #[should_panic(expected = "2 labels for a batch of 3 samples")]
    fn mismatched_dynamic_counts_panic() {
        let y: Batch<f32, Dyn, Const<2>> = Batch::zeros(Dyn(3), Const);
        SoftmaxWithLoss.forward(&y, &Labels::try_from(vec![0, 1]).unwrap());
    }

    #[test]
    #[cfg_attr(miri, ignore = "too slow under Miri")]
    fn sums_of_many_samples_keep_their_digits() {
        let (samples, mut rng) = (500_000, StdRng::seed_from_u64(1));
        let mut y: Batch<f32, Dyn, Const<10>> = Batch::zeros(Dyn(samples), Const);
        y.apply(|y| *y = rng.random_range(-3.0..3.0));
        let labels = (0..samples).map(|_| rng.random_range(0..10)).collect::<Vec<_>>();
        check_mean(&SoftmaxWithLoss, &y, &labels.try_into().unwrap());
    }

    /// Two equal outputs of any size give the loss `ln 2`.
    #[test]
    fn large_outputs_keep_the_digits_of_the_loss() {
        for size in [0.0, 1e4, -1e6, 1e30] {
            let mut y: Batch<f32, Dyn, Const<2>> = Batch::zeros(Dyn(3), Const);
            y.fill(size);
            assert_mean(&SoftmaxWithLoss, &y, &vec![0, 1, 0].try_into().unwrap(), std::f64::consts::LN_2);
        }
    }
}
