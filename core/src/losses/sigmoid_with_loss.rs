#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use nalgebra::{Const, Dim};

use crate::losses::elementwise::{self, ElementwiseLoss, assert_count, count, sum, sum_with_slopes};
#[cfg(feature = "alloc")]
use crate::losses::loss::Loss;
use crate::losses::probabilities::Probabilities;
#[cfg(feature = "alloc")]
use crate::losses::sample_weighted::WeightedLoss;
use crate::matrix::Batch;
use crate::parameters::{At, embedded};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::parameters::{Part, PartMut};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Sigmoid and binary cross-entropy, for two classes or several labels: PyTorch's `BCEWithLogitsLoss`.
///
/// ```text
/// sigmoid    P = 1 / (1 + exp(-Y))                             (N x F)
/// forward    L = -mean of w · T · ln P + (1 - T) · ln(1 - P)   over all N rows and F columns
/// backward   dY = ((1 - T) · P - w · T · (1 - P)) / (N · F)    (N x F)
/// ```
///
/// Each output is the logarithm of the odds of one label. Targets are from 0 to 1: 1 if the sample has the label. The
/// logarithms are computed as `max(∓y, 0) + ln(1 + exp(-|y|))`, so outputs of ±1000 give a finite loss and gradient.
///
/// The weight `w` of positive targets is 1. `SigmoidWithLoss(pos_weight = 3.0)` in `network!` sets it for all outputs, an
/// array for each output: see [`SigmoidWithPosWeight`].
///
/// A sample is classified correctly if every output is above 0, a probability above 0.5, just where the target is above
/// 0.5.
#[doc(alias("BCE", "BCELoss", "BCEWithLogitsLoss", "BinaryCrossEntropy", "MultiLabel"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SigmoidWithLoss;

impl SigmoidWithLoss {
    /// The loss with a weight of positive targets: a number for all outputs, or an array with a number for each.
    #[must_use]
    pub fn pos_weight<const F: usize>(self, pos_weight: impl PerOutput<F>) -> SigmoidWithPosWeight<F> {
        SigmoidWithPosWeight::default().pos_weight(pos_weight)
    }
}

embedded!([] SigmoidWithLoss = Self);

embedded!([const F: usize] SigmoidWithPosWeight<F> = Self { pos_weight: At::<P>::settings("pos_weight") });

#[cfg(feature = "alloc")]
impl<F: Shape> Loss<F> for SigmoidWithLoss {
    type Target<T: Scalar, N: Dim> = Batch<T, N, F>;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> T {
        elementwise::forward(&CrossEntropy, y, t)
    }

    fn backward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, t: &Batch<T, N, F>, dy: &mut Batch<T, N, F>) -> T {
        elementwise::backward(&CrossEntropy, y, t, dy)
    }

    fn class_of<T: Scalar, N: Dim>(&self, t: &Batch<T, N, F>, sample: usize) -> Option<usize> {
        class_of(t, sample)
    }

    fn count_correct<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> Option<[usize; 2]> {
        Some(count_correct(y, t))
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(t: &Batch<T, N, F>) -> Batch<U, N, F> {
        Batch::from_matrix(t)
    }
}

/// [`SigmoidWithLoss`] with a weight of the positive targets for each output.
///
/// `SigmoidWithLoss(pos_weight = 3.0)` and `SigmoidWithLoss(pos_weight = [3.0, 1.0])` in `network!` have this type. A weight
/// above 1 helps if few samples have a label: the number of negative samples divided by that of positive ones makes both
/// count the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SigmoidWithPosWeight<const F: usize> {
    /// The weight of positive targets, at least 0, for each output.
    pub pos_weight: [f64; F],
}

/// Weights of 1.
impl<const F: usize> Default for SigmoidWithPosWeight<F> {
    fn default() -> Self {
        Self { pos_weight: [1.0; F] }
    }
}

impl<const F: usize> SigmoidWithPosWeight<F> {
    /// Sets the weight of positive targets: a number for all outputs, or an array with a number for each.
    #[must_use]
    pub fn pos_weight(self, pos_weight: impl PerOutput<F>) -> Self {
        Self { pos_weight: pos_weight.array() }
    }
}

/// A number for all of `F` outputs, or an array with a number for each.
pub trait PerOutput<const F: usize> {
    /// The numbers of all outputs.
    fn array(self) -> [f64; F];
}

impl<const F: usize> PerOutput<F> for f64 {
    fn array(self) -> [f64; F] {
        [self; F]
    }
}

impl<const F: usize> PerOutput<F> for [f64; F] {
    fn array(self) -> Self {
        self
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize> Loss<Const<F>> for SigmoidWithPosWeight<F> {
    type Target<T: Scalar, N: Dim> = Batch<T, N, Const<F>>;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, Const<F>>, t: &Batch<T, N, Const<F>>) -> T {
        assert_count(y, t);
        let samples = y.nrows().max(1);
        let columns = y.data.values().chunks(samples).zip(t.data.values().chunks(samples)).zip(self.pos_weight);
        T::of(columns.map(|((y, t), weight)| sum(&Weighted(weight), y, t)).sum::<f64>() / count(y))
    }

    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<F>>,
        t: &Batch<T, N, Const<F>>,
        dy: &mut Batch<T, N, Const<F>>,
    ) -> T {
        assert_count(y, t);
        let (samples, count) = (y.nrows().max(1), count(y));
        let columns = y.data.values().chunks(samples).zip(t.data.values().chunks(samples)).zip(self.pos_weight);
        let sums = columns
            .zip(dy.data.values_mut().chunks_mut(samples))
            .map(|(((y, t), weight), dy)| sum_with_slopes(&Weighted(weight), y, t, dy, 1.0 / count));
        T::of(sums.sum::<f64>() / count)
    }

    fn class_of<T: Scalar, N: Dim>(&self, t: &Batch<T, N, Const<F>>, sample: usize) -> Option<usize> {
        class_of(t, sample)
    }

    fn count_correct<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<F>>,
        t: &Batch<T, N, Const<F>>,
    ) -> Option<[usize; 2]> {
        Some(count_correct(y, t))
    }

    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::settings_within("pos_weight", &self.pos_weight, 0.0..))
    }

    fn part_mut<T: Scalar>(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then_some(PartMut::Settings(&mut self.pos_weight))
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(t: &Batch<T, N, Const<F>>) -> Batch<U, N, Const<F>> {
        Batch::from_matrix(t)
    }
}

#[cfg(feature = "alloc")]
impl<F: Shape> WeightedLoss<F> for SigmoidWithLoss {
    fn weighted<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, F>,
        t: &Batch<T, N, F>,
        weights: &[f64],
        dy: Option<&mut Batch<T, N, F>>,
    ) -> T {
        elementwise::weighted(|_| CrossEntropy, y, t, weights, dy)
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize> WeightedLoss<Const<F>> for SigmoidWithPosWeight<F> {
    fn weighted<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<F>>,
        t: &Batch<T, N, Const<F>>,
        weights: &[f64],
        dy: Option<&mut Batch<T, N, Const<F>>>,
    ) -> T {
        elementwise::weighted(|column| Weighted(self.pos_weight[column]), y, t, weights, dy)
    }
}

impl<F: Shape> Probabilities<F> for SigmoidWithLoss {
    fn replace<T: Scalar>(&self, y: &mut [T]) {
        elementwise::replace(y, sigmoid);
    }

    #[cfg(feature = "alloc")]
    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("Sigmoid", [Operand::Input]).into())
    }
}

impl<const F: usize> Probabilities<Const<F>> for SigmoidWithPosWeight<F> {
    fn replace<T: Scalar>(&self, y: &mut [T]) {
        Probabilities::<Const<F>>::replace(&SigmoidWithLoss, y);
    }

    #[cfg(feature = "alloc")]
    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("Sigmoid", [Operand::Input]).into())
    }
}

/// The class of a sample with one target: 1 if it is above 0.5, else 0. `None` for several labels.
fn class_of<T: Scalar, N: Dim, F: Shape>(t: &Batch<T, N, F>, sample: usize) -> Option<usize> {
    (F::DIM == 1).then(|| usize::from(t[(sample, 0)] > T::of(0.5)))
}

/// The number of rows in which every output is above 0 just where its target is above 0.5, and the number of rows.
fn count_correct<T: Scalar, N: Dim, F: Shape>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> [usize; 2] {
    assert_count(y, t);
    let half = T::of(0.5);
    // A NaN is neither above 0 nor below.
    let is_correct = |y: T, t: T| if t > half { y > T::zero() } else { y <= T::zero() };
    let rows = (0..y.nrows()).filter(|&row| (0..F::DIM).all(|column| is_correct(y[(row, column)], t[(row, column)])));
    [rows.count(), y.nrows()]
}

/// `1 / (1 + exp(-y))`, without overflow.
#[inline(always)]
fn sigmoid<T: Scalar>(y: T) -> T {
    let small = (-y.abs()).quick_exp();
    let numerator = if y < T::zero() { small } else { T::one() };
    numerator / (T::one() + small)
}

/// Cross-entropy with weights of 1.
#[derive(Clone, Copy)]
struct CrossEntropy;

impl ElementwiseLoss for CrossEntropy {
    #[inline(always)]
    fn value<T: Scalar>(&self, y: T, t: T) -> T {
        let [positive, negative] = losses(y);
        t * positive + (T::one() - t) * negative
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, y: T, t: T) -> T {
        // Equal to P - T, without its cancellation.
        (T::one() - t) * sigmoid(y) - t * sigmoid(-y)
    }
}

/// Cross-entropy with a weight of positive targets.
#[derive(Clone, Copy)]
struct Weighted(f64);

impl ElementwiseLoss for Weighted {
    #[inline(always)]
    fn value<T: Scalar>(&self, y: T, t: T) -> T {
        let [positive, negative] = losses(y);
        T::of(self.0) * t * positive + (T::one() - t) * negative
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, y: T, t: T) -> T {
        (T::one() - t) * sigmoid(y) - T::of(self.0) * t * sigmoid(-y)
    }
}

/// The losses of an output for the targets 1 and 0: `-ln P` and `-ln(1 - P)`.
#[inline(always)]
fn losses<T: Scalar>(y: T) -> [T; 2] {
    let rest = (-y.abs()).quick_exp().quick_ln_1p_to_1();
    let (below, above) = if y < T::zero() { (-y, T::zero()) } else { (T::zero(), y) };
    [below + rest, above + rest]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::tests::{check_gradient, check_mean};
    use nalgebra::{Dyn, SMatrix};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    #[test]
    fn gradients_agree_with_differences() {
        let target = Batch::from([[1.0, 0.0, 0.25], [0.0, 1.0, 1.0]]);
        check_gradient::<Const<3>, _, _>(&SigmoidWithLoss, &target, Const::<2>);
        let weighted = SigmoidWithPosWeight::<3>::default().pos_weight([0.0, 50.0, 0.5]);
        check_gradient(&weighted, &target, Const::<2>);
        let mut target = Batch::<f64, _, _>::zeros(Dyn(5), Const::<1>);
        target[3] = 1.0;
        check_gradient(&SigmoidWithLoss, &target, Dyn(5));
        check_gradient(&SigmoidWithPosWeight::<1>::default().pos_weight(3.0), &target, Dyn(5));
    }

    #[test]
    fn outputs_of_a_thousand_stay_finite() {
        let y: Batch<f32, Const<2>, Const<2>> = Batch::from([[1000.0, -1000.0], [-1000.0, 1000.0]]);
        for (target, loss, slope) in [(1.0, [0.0, 1000.0], [0.0, -1.0]), (0.0, [1000.0, 0.0], [1.0, 0.0])] {
            let t = Batch::filled(Const, Const, target);
            let mut dy = Batch::zeros(Const, Const);
            assert_eq!(SigmoidWithLoss.backward(&y, &t, &mut dy), 500.0);
            assert_eq!(*dy, SMatrix::<f32, 2, 2>::new(slope[0], slope[1], slope[1], slope[0]) / 4.0);
            let weighted = SigmoidWithPosWeight::default().pos_weight([3.0, 3.0]);
            let factor = if target == 1.0 { 3.0 } else { 1.0 };
            assert_eq!(weighted.forward(&y, &t), factor * 500.0);
            for (&y, wanted) in [1000.0, -1000.0].iter().zip(loss) {
                assert_eq!(CrossEntropy.value(y, target), wanted);
            }
        }
        // Small losses keep their digits.
        let loss = CrossEntropy.value(30.0_f64, 1.0);
        assert!((loss / (-30_f64).exp().ln_1p() - 1.0).abs() < 1e-15, "{loss}");
    }

    #[test]
    fn a_sample_is_correct_if_every_label_is() {
        let y = Batch::from([[1.0, -1.0], [1.0, 1.0], [-0.1, -2.0], [f32::NAN, -1.0]]);
        let t = Batch::from([[1.0, 0.0], [1.0, 0.0], [0.4, 0.0], [1.0, 0.0]]);
        assert_eq!(SigmoidWithLoss.count_correct(&y, &t), Some([2, 4]));
    }

    #[test]
    fn probabilities_are_those_of_the_formula() {
        let y: Batch<f64, Const<1>, Const<4>> = Batch::from([[0.3, -2.0, 1000.0, -1000.0]]);
        let mut p = y.clone();
        Probabilities::<Const<4>>::replace(&SigmoidWithLoss, p.data.values_mut());
        for (p, y) in p.iter().zip(y.iter()) {
            assert!((p - 1.0 / (1.0 + (-y).exp())).abs() < 1e-15);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "too slow under Miri")]
    fn sums_of_many_samples_keep_their_digits() {
        let mut rng = StdRng::seed_from_u64(1);
        let (mut y, mut target): (Batch<f32, _, Const<2>>, _) =
            (Batch::zeros(Dyn(500_000), Const), Batch::zeros(Dyn(500_000), Const));
        y.apply(|y| *y = rng.random_range(-3.0..3.0));
        target.apply(|t| *t = rng.random_range(0.0..1.0));
        check_mean(&SigmoidWithLoss, &y, &target);
        check_mean(&SigmoidWithPosWeight { pos_weight: [2.0, 0.5] }, &y, &target);
    }

    #[test]
    fn an_empty_batch_has_loss_zero() {
        let y: Batch<f32, Dyn, Const<2>> = Batch::zeros(Dyn(0), Const);
        let mut dy = y.clone();
        assert_eq!(SigmoidWithLoss.backward(&y, &y, &mut dy), 0.0);
        assert_eq!(SigmoidWithPosWeight::default().backward(&y, &y, &mut dy), 0.0);
    }
}
