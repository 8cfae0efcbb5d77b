use nalgebra::Dim;

#[cfg(feature = "alloc")]
use crate::losses::loss::Loss;
use crate::losses::probabilities::Probabilities;
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::Operation;
use crate::parameters::{Declared, Embed, EmbedAt, Place};
use crate::parameters::{Part, PartMut};
use crate::scalar::Scalar;
use crate::shape::Shape;
#[cfg(feature = "alloc")]
use crate::target::WeightedTargets;

/// A loss that can weight its samples. All built-in losses and those of `#[loss]` implement it.
#[cfg(feature = "alloc")]
#[diagnostic::on_unimplemented(
    message = "the loss `{Self}` cannot weight its samples",
    label = "expected a built-in loss, or one of `#[loss]`"
)]
pub trait WeightedLoss<F: Shape>: Loss<F> {
    /// The mean loss with a weight for each sample; 0 if the weights are 0.
    ///
    /// Overwrites `dy`, if given, with its derivative.
    fn weighted<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, F>,
        target: &Self::Target<T, N>,
        weights: &[f64],
        dy: Option<&mut Batch<T, N, F>>,
    ) -> T;

    /// The divisor of that mean: by default the sum of the weights.
    fn sum_of_weights<T: Scalar, N: Dim>(&self, target: &Self::Target<T, N>, weights: &[f64]) -> f64 {
        let _ = target;
        weights.iter().sum()
    }
}

/// A loss whose samples have weights: `L = Σ w · l / Σ w`, for the loss `l` of each sample.
///
/// Write `-> SampleWeighted<SoftmaxWithLoss>` in `network!`, or `SampleWeighted<Huber>(Huber::new(0.5))`. The weights come
/// with the data: [`Table::with_weights`](crate::data::Table::with_weights) or
/// [`WeightedTargets`](crate::WeightedTargets). The weights of classes, as in `SoftmaxWithLoss(class_weights = ..)`, are
/// multiplied by them. The accuracy counts every sample once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SampleWeighted<L> {
    /// The loss of each sample.
    pub loss: L,
}

impl<L> SampleWeighted<L> {
    /// Weights the samples of a loss.
    pub const fn new(loss: L) -> Self {
        Self { loss }
    }
}

impl<T: Scalar, L: Embed<T>> Embed<T> for SampleWeighted<L> {
    const PARTS: &'static [Declared] = L::PARTS;
}

impl<T: Scalar, P: Place, L: EmbedAt<T, P>> EmbedAt<T, P> for SampleWeighted<L> {
    const EMBEDDED: Self = Self::new(L::EMBEDDED);
}

#[cfg(feature = "alloc")]
impl<F: Shape, L: WeightedLoss<F>> Loss<F> for SampleWeighted<L> {
    type Target<T: Scalar, N: Dim> = WeightedTargets<L::Target<T, N>>;

    const OBJECTION: Option<&'static str> = L::OBJECTION;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Self::Target<T, N>) -> T {
        assert_count(y, target.weights());
        self.loss.weighted(y, target.targets(), target.weights(), None)
    }

    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, F>,
        target: &Self::Target<T, N>,
        dy: &mut Batch<T, N, F>,
    ) -> T {
        assert_count(y, target.weights());
        self.loss.weighted(y, target.targets(), target.weights(), Some(dy))
    }

    fn total_weight<T: Scalar, N: Dim>(&self, _: usize, target: &Self::Target<T, N>) -> f64 {
        self.loss.sum_of_weights::<T, N>(target.targets(), target.weights())
    }

    fn class_of<T: Scalar, N: Dim>(&self, target: &Self::Target<T, N>, sample: usize) -> Option<usize> {
        self.loss.class_of::<T, N>(target.targets(), sample)
    }

    fn count_correct<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &Self::Target<T, N>) -> Option<[usize; 2]> {
        self.loss.count_correct(y, target.targets())
    }

    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        self.loss.part(index)
    }

    fn part_mut<T: Scalar>(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        self.loss.part_mut(index)
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(target: &Self::Target<T, N>) -> Self::Target<U, N> {
        target.map(L::convert::<T, U, N>)
    }
}

impl<F: Shape, L: Probabilities<F>> Probabilities<F> for SampleWeighted<L> {
    fn replace<T: Scalar>(&self, y: &mut [T]) {
        self.loss.replace(y);
    }

    #[cfg(feature = "alloc")]
    fn operation(&self) -> Option<Operation> {
        self.loss.operation()
    }
}

/// The inverse of a sum of weights, 0 if it is 0: the share of a sample of weight 1 in the mean.
pub(super) fn share(total: f64) -> f64 {
    if total > 0.0 { 1.0 / total } else { 0.0 }
}

fn assert_count<T: Scalar, N: Dim, F: Shape>(y: &Batch<T, N, F>, weights: &[f64]) {
    let (samples, weights) = (y.nrows(), weights.len());
    assert_eq!(weights, samples, "{weights} weights for a batch of {samples} samples");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Labels;
    use crate::losses::huber::Huber;
    use crate::losses::mean_squared_error::MeanSquaredError;
    use crate::losses::sigmoid_with_loss::SigmoidWithLoss;
    use crate::losses::softmax_with_loss::SoftmaxWithLoss;
    use crate::losses::softmax_with_soft_targets::SoftmaxWithSoftTargets;
    use crate::losses::tests::check_gradient;
    use crate::target::Target;
    use nalgebra::{Const, Dyn};

    const WEIGHTS: [usize; 5] = [2, 0, 1, 3, 1];

    /// A whole weight counts as that number of copies of the sample; weights of 1 change nothing.
    fn check<L: WeightedLoss<Const<3>>>(loss: &L, target: &L::Target<f64, Dyn>) {
        let weighted = SampleWeighted::new(loss.clone());
        let y: Batch<f64, Dyn, Const<3>> =
            Batch::from_fn(Dyn(5), Const, |row, column| ((3 * row + column) as f64).sin());
        let copies: Vec<usize> = (0..5).flat_map(|sample| vec![sample; WEIGHTS[sample]]).collect();
        let repeated = Batch::from_fn(Dyn(copies.len()), Const::<3>, |row, column| y[(copies[row], column)]);
        let mut targets = L::Target::<f64, Dyn>::empty(Dyn(copies.len()));
        copies.iter().enumerate().for_each(|(row, &sample)| targets.copy_sample(row, target, sample));
        let expected = loss.forward(&repeated, &targets);

        let with = |weights: Vec<f64>| WeightedTargets::new(loss_target::<L>(target), weights).unwrap();
        let given = with(WEIGHTS.map(|weight| weight as f64).to_vec());
        let found = weighted.forward(&y, &given);
        assert!((found - expected).abs() < 1e-14, "{found}, not {expected}");
        check_gradient(&weighted, &given, Dyn(5));
        let (mut dy, mut plain) = (y.clone(), y.clone());
        let mean = weighted.backward(&y, &with(vec![1.0; 5]), &mut dy);
        assert!((mean - loss.backward(&y, target, &mut plain)).abs() < 1e-14);
        assert!((&*dy - &*plain).amax() < 1e-15);
        assert_eq!((weighted.backward(&y, &with(vec![0.0; 5]), &mut dy), dy.amax()), (0.0, 0.0));
    }

    fn loss_target<L: Loss<Const<3>>>(target: &L::Target<f64, Dyn>) -> L::Target<f64, Dyn> {
        L::convert::<f64, f64, Dyn>(target)
    }

    #[test]
    fn weights_count_as_copies() {
        let labels = Labels::try_from(vec![2, 0, 1, 1, 2]).unwrap();
        let targets = Batch::from_fn(Dyn(5), Const, |row, column| ((row + 2 * column) % 5) as f64 / 4.0);
        check(&SoftmaxWithLoss, &labels);
        check(&SoftmaxWithLoss.class_weights([1.0, 5.0, 0.5]).label_smoothing(0.2).ignore_class(0), &labels);
        check(&SoftmaxWithSoftTargets, &targets);
        check(&SigmoidWithLoss, &targets);
        check(&SigmoidWithLoss.pos_weight([3.0, 0.5, 1.0]), &targets);
        check(&Huber::new(0.5), &targets);
        check(&MeanSquaredError, &targets);
    }
}
