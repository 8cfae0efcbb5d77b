use nalgebra::{Const, Dim};

#[cfg(feature = "alloc")]
use crate::labels::Labels;
#[cfg(feature = "alloc")]
use crate::losses::loss::Loss;
use crate::losses::probabilities::Probabilities;
#[cfg(feature = "alloc")]
use crate::losses::sample_weighted::WeightedLoss;
use crate::losses::sample_weighted::share;
#[cfg(feature = "alloc")]
use crate::losses::softmax::cross_entropy;
#[cfg(feature = "alloc")]
use crate::losses::softmax_with_loss::assert_count;
use crate::losses::softmax_with_loss::{ONE_OUTPUT, SoftmaxWithLoss};
use crate::matrix::Batch;
use crate::parameters::{At, embedded};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::parameters::{Part, PartMut};
use crate::scalar::Scalar;

/// [`SoftmaxWithLoss`] with label smoothing, class weights or an ignored class: PyTorch's `CrossEntropyLoss`.
///
/// `SoftmaxWithLoss(label_smoothing = 0.1)`, `SoftmaxWithLoss(class_weights = [1.0, 50.0])` and
/// `SoftmaxWithLoss(ignore_class = 0)` in `network!`, or several of them, have this type.
///
/// ```text
/// softmax    P = exp(Y) / row sums of exp(Y)                              (N x C)
/// targets    Q = w · ((1 - s) · T + s / C)                                (N x C), T: the one-hot labels
/// forward    L = -Σ Q · ln P / Σ w[label]                                 over the rows whose label is not ignored
/// backward   dY = (row sums of Q · P - Q) / Σ w[label], or 0 if ignored   (N x C)
/// ```
///
/// The loss of a batch in which every label is ignored or has the weight 0 is 0.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::losses::SoftmaxWithLoss;
/// use typenet::{Batch, Labels, Loss};
///
/// let loss = SoftmaxWithLoss.class_weights([1.0, 3.0]);
/// let (y, labels) = (Batch::from([[0.0, 0.0_f64], [0.0, 0.0]]), Labels::try_from([0, 1])?);
/// let mut dy = y.clone();
/// assert!((loss.backward(&y, &labels, &mut dy) - 2_f64.ln()).abs() < 1e-15);
/// assert_eq!(dy, Batch::from([[-0.125, 0.125], [0.375, -0.375]]));
/// # Ok::<(), typenet::LabelsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoftmaxWithOptions<const C: usize> {
    /// The share `s` of each target that is spread evenly over all classes, from 0 to 1.
    pub label_smoothing: f64,
    /// The weight of each class, at least 0.
    pub class_weights: [f64; C],
    /// The class whose samples have no effect, or -1.
    pub ignore_class: f64,
}

/// Neither smoothing nor an ignored class, and weights of 1.
impl<const C: usize> Default for SoftmaxWithOptions<C> {
    fn default() -> Self {
        Self { label_smoothing: 0.0, class_weights: [1.0; C], ignore_class: -1.0 }
    }
}

impl SoftmaxWithLoss {
    /// The loss with a share of each target spread evenly over all classes.
    #[must_use]
    pub fn label_smoothing<const C: usize>(self, label_smoothing: f64) -> SoftmaxWithOptions<C> {
        SoftmaxWithOptions::default().label_smoothing(label_smoothing)
    }

    /// The loss with a weight of each class.
    #[must_use]
    pub fn class_weights<const C: usize>(self, class_weights: [f64; C]) -> SoftmaxWithOptions<C> {
        SoftmaxWithOptions::default().class_weights(class_weights)
    }

    /// The loss without effect of the samples of a class.
    #[must_use]
    pub fn ignore_class<const C: usize>(self, class: usize) -> SoftmaxWithOptions<C> {
        SoftmaxWithOptions::default().ignore_class(class)
    }
}

impl<const C: usize> SoftmaxWithOptions<C> {
    /// Sets the share of each target that is spread evenly over all classes.
    #[must_use]
    pub const fn label_smoothing(self, label_smoothing: f64) -> Self {
        Self { label_smoothing, ..self }
    }

    /// Sets the weight of each class.
    #[must_use]
    pub const fn class_weights(self, class_weights: [f64; C]) -> Self {
        Self { class_weights, ..self }
    }

    /// Sets the class whose samples have no effect on loss, gradient and accuracy.
    #[must_use]
    pub const fn ignore_class(self, class: usize) -> Self {
        Self { ignore_class: class as f64, ..self }
    }

    fn is_ignored(&self, label: usize) -> bool {
        label as f64 == self.ignore_class
    }

    /// The weight of a label, 0 if it is ignored.
    fn weight(&self, label: usize) -> f64 {
        if self.is_ignored(label) { 0.0 } else { self.class_weights[label] }
    }
}

#[cfg(feature = "alloc")]
impl<const C: usize> SoftmaxWithOptions<C> {
    /// The sum of the labels' weights, each times that of its sample.
    fn total<N: Dim>(&self, labels: &Labels<N, Const<C>>, of_sample: impl Fn(usize) -> f64) -> f64 {
        labels.classes().iter().enumerate().map(|(row, &label)| of_sample(row) * self.weight(label)).sum()
    }

    /// The mean loss, with a weight for each sample; writes its derivative to `dy`, if given.
    fn mean<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        labels: &Labels<N, Const<C>>,
        of_sample: impl Fn(usize) -> f64,
        dy: Option<&mut Batch<T, N, Const<C>>>,
    ) -> T {
        const { assert!(C != 1, "{}", ONE_OUTPUT) };
        assert_count(y, labels);
        let share = share(self.total(labels, &of_sample));
        let (spread, classes) = (self.label_smoothing / C as f64, labels.classes());
        let weight = |row: usize, class: usize| {
            let label = classes[row];
            if share == 0.0 || self.is_ignored(label) {
                return 0.0;
            }
            let target = if class == label { 1.0 - self.label_smoothing + spread } else { spread };
            of_sample(row) * self.class_weights[class] * target
        };
        let sum = cross_entropy(y, weight, dy.map(|dy| (dy, share)));
        T::of(sum * share)
    }
}

embedded!(
    [const C: usize] SoftmaxWithOptions<C> = Self {
        label_smoothing: At::<P>::setting("label_smoothing"),
        class_weights: At::<P>::settings("class_weights"),
        ignore_class: At::<P>::setting("ignore_class"),
    }
);

#[cfg(feature = "alloc")]
impl<const C: usize> Loss<Const<C>> for SoftmaxWithOptions<C> {
    type Target<T: Scalar, N: Dim> = Labels<N, Const<C>>;

    const OBJECTION: Option<&'static str> = <SoftmaxWithLoss as Loss<Const<C>>>::OBJECTION;

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, Const<C>>, labels: &Labels<N, Const<C>>) -> T {
        self.mean(y, labels, |_| 1.0, None)
    }

    fn backward<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        labels: &Labels<N, Const<C>>,
        dy: &mut Batch<T, N, Const<C>>,
    ) -> T {
        self.mean(y, labels, |_| 1.0, Some(dy))
    }

    fn total_weight<T: Scalar, N: Dim>(&self, _: usize, labels: &Labels<N, Const<C>>) -> f64 {
        self.total(labels, |_| 1.0)
    }

    fn class_of<T: Scalar, N: Dim>(&self, labels: &Labels<N, Const<C>>, sample: usize) -> Option<usize> {
        Some(labels.classes()[sample]).filter(|&label| !self.is_ignored(label))
    }

    fn count_correct<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        labels: &Labels<N, Const<C>>,
    ) -> Option<[usize; 2]> {
        assert_count(y, labels);
        if self.ignore_class < 0.0 {
            return Some([labels.count_correct(&**y), labels.len()]);
        }
        let answers = Labels::argmax(&**y);
        let pairs = answers.classes().iter().zip(labels.classes()).enumerate();
        let counted = pairs.filter(|(_, (_, label))| !self.is_ignored(**label));
        let is_correct = |(row, (answer, label))| answer == label && answers.undecided().binary_search(&row).is_err();
        let [correct, all] =
            counted.fold([0; 2], |[correct, all], pair| [correct + usize::from(is_correct(pair)), all + 1]);
        Some([correct, all])
    }

    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::setting_within("label_smoothing", &self.label_smoothing, 0.0..=1.0)),
            1 => Some(Part::settings_within("class_weights", &self.class_weights, 0.0..)),
            2 => Some(Part::setting_within("ignore_class", &self.ignore_class, -1.0..C as f64)),
            _ => None,
        }
    }

    fn part_mut<T: Scalar>(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::Setting(&mut self.label_smoothing)),
            1 => Some(PartMut::Settings(&mut self.class_weights)),
            2 => Some(PartMut::Setting(&mut self.ignore_class)),
            _ => None,
        }
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>(labels: &Labels<N, Const<C>>) -> Labels<N, Const<C>> {
        labels.clone()
    }
}

#[cfg(feature = "alloc")]
impl<const C: usize> WeightedLoss<Const<C>> for SoftmaxWithOptions<C> {
    fn weighted<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        labels: &Labels<N, Const<C>>,
        weights: &[f64],
        dy: Option<&mut Batch<T, N, Const<C>>>,
    ) -> T {
        self.mean(y, labels, |row| weights[row], dy)
    }

    fn sum_of_weights<T: Scalar, N: Dim>(&self, labels: &Labels<N, Const<C>>, weights: &[f64]) -> f64 {
        self.total(labels, |row| weights[row])
    }
}

#[cfg(feature = "alloc")]
impl<const C: usize> WeightedLoss<Const<C>> for SoftmaxWithLoss {
    fn weighted<T: Scalar, N: Dim>(
        &self,
        y: &Batch<T, N, Const<C>>,
        labels: &Labels<N, Const<C>>,
        weights: &[f64],
        dy: Option<&mut Batch<T, N, Const<C>>>,
    ) -> T {
        SoftmaxWithOptions::default().weighted(y, labels, weights, dy)
    }
}

impl<const C: usize> Probabilities<Const<C>> for SoftmaxWithOptions<C> {
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
        let plain = SoftmaxWithOptions::<4>::default();
        let labels = Labels::try_from(vec![3, 0, 1, 1, 2]).unwrap();
        for loss in [
            plain,
            plain.label_smoothing(0.3),
            plain.class_weights([1.0, 50.0, 0.0, 0.5]),
            plain.ignore_class(1),
            plain.label_smoothing(1.0).class_weights([2.0, 3.0, 0.25, 0.5]).ignore_class(0),
        ] {
            check_gradient(&loss, &labels, Dyn(5));
        }
    }

    #[test]
    fn without_options_it_is_softmax_with_loss() {
        let y: Batch<f64, Dyn, Const<3>> =
            Batch::from_fn(Dyn(100), Const, |row, column| (row * 7 + column * 3) as f64 % 11.0);
        let labels = Labels::try_from((0..100).map(|row| row % 3).collect::<Vec<_>>()).unwrap();
        let (mut dy, mut plain) = (y.clone(), y.clone());
        let loss = SoftmaxWithOptions::default().backward(&y, &labels, &mut dy);
        assert!((loss - SoftmaxWithLoss.backward(&y, &labels, &mut plain)).abs() < 1e-14);
        assert!((&*dy - &*plain).amax() < 1e-15);
    }

    #[test]
    fn outputs_of_a_thousand_stay_finite() {
        let y: Batch<f32, Const<1>, Const<3>> = Batch::from([[1000.0, -1000.0, 0.0]]);
        let loss = SoftmaxWithOptions::default().label_smoothing(0.3);
        let mut dy = y.clone();
        let found = loss.backward(&y, &Labels::try_from([1]).unwrap(), &mut dy);
        assert!((found - (0.8 * 2000.0 + 0.1 * 1000.0)).abs() < 1e-3, "{found}");
        assert_eq!(dy, Batch::from([[0.9, -0.8, -0.1]]));
    }

    #[test]
    fn ignored_samples_have_no_effect() {
        let loss = SoftmaxWithOptions::default().ignore_class(2);
        let y: Batch<f64, Dyn, Const<3>> =
            Batch::from_fn(Dyn(3), Const, |row, column| [0.1, 0.7, -0.3][(row + column) % 3]);
        let labels = Labels::try_from(vec![1, 2, 2]).unwrap();
        let mut dy = y.clone();
        let mean = loss.backward(&y, &labels, &mut dy);
        let first = Batch::from_fn(Dyn(1), Const::<3>, |_, column| y[(0, column)]);
        assert_eq!(mean, SoftmaxWithLoss.forward(&first, &Labels::try_from(vec![1]).unwrap()));
        assert!(dy.rows(1, 2).iter().all(|&dy| dy == 0.0) && dy[(0, 1)] < 0.0);
        assert_eq!(loss.count_correct(&y, &labels), Some([1, 1]));
        assert_eq!(loss.total_weight::<f64, _>(3, &labels), 1.0);
        let all = Labels::try_from(vec![2; 3]).unwrap();
        assert_eq!((loss.backward(&y, &all, &mut dy), dy.amax()), (0.0, 0.0));
    }
}
