use nalgebra::{Const, Dim};

#[cfg(feature = "alloc")]
use crate::labels::Labels;
use crate::losses::elementwise::assert_count;
#[cfg(feature = "alloc")]
use crate::losses::loss::Loss;
use crate::losses::probabilities::Probabilities;
#[cfg(feature = "alloc")]
use crate::losses::sample_weighted::WeightedLoss;
use crate::losses::sample_weighted::share;
#[cfg(feature = "alloc")]
use crate::losses::softmax::cross_entropy;
use crate::losses::softmax_with_loss::{ONE_OUTPUT, SoftmaxWithLoss, count};
use crate::matrix::Batch;
use crate::parameters::embedded;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// Softmax and cross-entropy with probabilities as targets, such as the outputs of another network.
///
/// ```text
/// softmax    P = exp(Y) / row sums of exp(Y)   (N x C)
/// forward    L = -mean over the rows of Σ T · ln P
/// backward   dY = (row sums of T · P - T) / N  (N x C)
/// ```
///
/// Each row of the targets should sum to 1. With one-hot rows it is [`SoftmaxWithLoss`]. A sample is classified correctly
/// if its largest output is that of its largest target.
#[doc(alias("CrossEntropy", "Distillation", "Mixup"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftmaxWithSoftTargets;

embedded!([] SoftmaxWithSoftTargets = Self);

#[cfg(feature = "alloc")]
impl<const C: usize> Loss<Const<C>> for SoftmaxWithSoftTargets {
    type Target<T: Scalar, N: Dim> = Batch<T, N, Const<C>>;

    const OBJECTION: Option<&'static str> = <SoftmaxWithLoss as Loss<Const<C>>>::OBJECTION;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, Const<C>>, t: &Batch<T, N, Const<C>>) -> T {
        const { assert!(C != 1, "{}", ONE_OUTPUT) };
        assert_count(y, t);
        T::of(cross_entropy(y, |row, class| t[(row, class)].as_f64(), None) / count(y))
    }

    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        t: &Batch<T, N, Const<C>>,
        dy: &mut Batch<T, N, Const<C>>,
    ) -> T {
        const { assert!(C != 1, "{}", ONE_OUTPUT) };
        assert_count(y, t);
        let out = Some((dy, 1.0 / count(y)));
        T::of(cross_entropy(y, |row, class| t[(row, class)].as_f64(), out) / count(y))
    }

    fn count_correct<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        t: &Batch<T, N, Const<C>>,
    ) -> Option<[usize; 2]> {
        Some([Labels::argmax(&**t).count_correct(&**y), y.nrows()])
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(t: &Batch<T, N, Const<C>>) -> Batch<U, N, Const<C>> {
        Batch::from_matrix(t)
    }
}

#[cfg(feature = "alloc")]
impl<const C: usize> WeightedLoss<Const<C>> for SoftmaxWithSoftTargets {
    fn weighted<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        t: &Batch<T, N, Const<C>>,
        weights: &[f64],
        dy: Option<&mut Batch<T, N, Const<C>>>,
    ) -> T {
        const { assert!(C != 1, "{}", ONE_OUTPUT) };
        assert_count(y, t);
        let share = share(weights.iter().sum());
        let weight = |row: usize, class: usize| weights[row] * t[(row, class)].as_f64();
        T::of(cross_entropy(y, weight, dy.map(|dy| (dy, share))) * share)
    }
}

impl<const C: usize> Probabilities<Const<C>> for SoftmaxWithSoftTargets {
    fn replace<T: Scalar>(&self, y: &mut [T]) {
        Probabilities::<Const<C>>::replace(&SoftmaxWithLoss, y);
    }

    #[cfg(feature = "alloc")]
    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("Softmax", [Operand::Input]).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::tests::check_gradient;
    use nalgebra::Dyn;

    #[test]
    fn gradients_agree_with_differences() {
        let target = Batch::from([[0.2, 0.5, 0.3], [0.0, 1.0, 0.0]]);
        check_gradient(&SoftmaxWithSoftTargets, &target, Const::<2>);
        // Rows that do not sum to 1.
        check_gradient(&SoftmaxWithSoftTargets, &Batch::filled(Dyn(70), Const::<2>, 0.75), Dyn(70));
    }

    #[test]
    fn one_hot_targets_are_labels() {
        let y: Batch<f64, Const<2>, Const<3>> = Batch::from([[1000.0, -1000.0, 0.0], [0.3, 0.1, 0.2]]);
        let labels = Labels::try_from([1, 0]).unwrap();
        let loss = SoftmaxWithSoftTargets.forward(&y, &labels.one_hot());
        assert!((loss - SoftmaxWithLoss.forward(&y, &labels)).abs() < 1e-12);
        assert_eq!(SoftmaxWithSoftTargets.count_correct(&y, &labels.one_hot()), Some([1, 2]));
    }
}
