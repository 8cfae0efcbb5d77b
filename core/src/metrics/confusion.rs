use std::fmt::{self, Display, Formatter};

use nalgebra::{Dim, DimName};

use crate::labels::Labels;
use crate::metrics::binary_counts::fraction;

/// A confusion matrix: the number of samples for each pair of a label and a predicted class.
///
/// A sample with a NaN among its outputs has no predicted class: it is [undecided](Labels::undecided). It counts as a
/// sample of its label, and never as correct.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::Const;
/// use typenet::{Labels, metrics::ConfusionMatrix};
///
/// let labels: Labels<Const<5>, Const<2>> = Labels::new(Const, &[0, 0, 0, 1, 1])?;
/// let answers = Labels::new(Const, &[0, 0, 1, 1, 1])?;
/// let matrix = ConfusionMatrix::new(&labels, &answers);
/// assert_eq!(matrix.count(0, 1), 1); // one sample of class 0 was classified as 1
/// assert_eq!(matrix.precision(0), Some(1.0)); // all samples classified as 0 are of class 0
/// assert_eq!(matrix.recall(0), Some(2.0 / 3.0)); // two thirds of class 0 were found
/// # Ok::<(), typenet::LabelsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    // Invariant: `classes` rows of `classes` columns; a row is a label, a column an answer.
    counts: Vec<usize>,
    // Invariant: one count for each label.
    undecided: Vec<usize>,
    classes: usize,
}

impl ConfusionMatrix {
    /// Counts the pairs of labels and answers, where an answer is the predicted class.
    ///
    /// # Panics
    ///
    /// Panics if the numbers of labels and answers differ, which is only possible if `N` is `Dyn`.
    pub fn new<N: Dim, C: DimName>(labels: &Labels<N, C>, answers: &Labels<N, C>) -> Self {
        assert_eq!(answers.len(), labels.len(), "the numbers of answers and labels differ");
        let mut matrix = Self { counts: vec![0; C::DIM * C::DIM], undecided: vec![0; C::DIM], classes: C::DIM };
        for (label, answer) in labels.classes().iter().zip(answers.classes()) {
            matrix.counts[label * C::DIM + answer] += 1;
        }
        for &sample in answers.undecided() {
            let label = labels.classes()[sample];
            matrix.counts[label * C::DIM + answers.classes()[sample]] -= 1;
            matrix.undecided[label] += 1;
        }
        matrix
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The number of samples of class `label` that were classified as `answer`.
    ///
    /// # Panics
    ///
    /// Panics if there is no class `label` or no class `answer`.
    pub fn count(&self, label: usize, answer: usize) -> usize {
        let classes = self.classes;
        assert!(label.max(answer) < classes, "label {label} or answer {answer} is not one of {classes} classes");
        self.counts[label * self.classes + answer]
    }

    /// The number of undecided samples of class `label`.
    ///
    /// # Panics
    ///
    /// Panics if there is no class `label`.
    pub fn undecided(&self, label: usize) -> usize {
        assert!(label < self.classes, "label {label} is not one of {} classes", self.classes);
        self.undecided[label]
    }

    /// The number of samples of class `label`.
    ///
    /// # Panics
    ///
    /// Panics if there is no class `label`.
    pub fn samples(&self, label: usize) -> usize {
        self.undecided(label) + (0..self.classes).map(|answer| self.count(label, answer)).sum::<usize>()
    }

    /// The fraction of samples classified correctly; 0 if there are no samples.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.classes).map(|class| self.count(class, class)).sum();
        fraction(right, (0..self.classes).map(|label| self.samples(label)).sum()).unwrap_or(0.0)
    }

    /// The fraction of the samples classified as `class` that are of `class`; `None` if there are none.
    pub fn precision(&self, class: usize) -> Option<f64> {
        fraction(self.count(class, class), (0..self.classes).map(|label| self.count(label, class)).sum())
    }

    /// The fraction of the samples of `class` that were classified as `class`; `None` if there are none.
    pub fn recall(&self, class: usize) -> Option<f64> {
        fraction(self.count(class, class), self.samples(class))
    }

    /// `F1 = 2 · precision · recall / (precision + recall)`; `None` if no label and no answer is `class`.
    pub fn f1(&self, class: usize) -> Option<f64> {
        let taken: usize = (0..self.classes).map(|label| self.count(label, class)).sum();
        fraction(2 * self.count(class, class), self.samples(class) + taken)
    }
}

/// Prints a table: a row for each label, a column for each answer, and precision, recall and F1 in percent.
///
/// A column counts undecided samples, if there are any.
impl Display for ConfusionMatrix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let largest = self.counts.iter().chain(&self.undecided).max().copied().unwrap_or(0).max(self.classes);
        let (width, all_decided) = (largest.to_string().len() + 1, self.undecided.iter().all(|&count| count == 0));
        write!(f, "label ")?;
        (0..self.classes).try_for_each(|answer| write!(f, "{answer:>width$}"))?;
        write!(f, "{}   precision  recall     F1", if all_decided { "" } else { "  undecided" })?;
        for label in 0..self.classes {
            write!(f, "\n{label:>5} ")?;
            (0..self.classes).try_for_each(|answer| write!(f, "{:>width$}", self.count(label, answer)))?;
            if !all_decided {
                write!(f, "{:>11}", self.undecided(label))?;
            }
            let [precision, recall, f1] = [self.precision(label), self.recall(label), self.f1(label)].map(percent);
            write!(f, "   {precision:>9}{recall:>8}{f1:>7}")?;
        }
        Ok(())
    }
}

fn percent(fraction: Option<f64>) -> String {
    fraction.map_or_else(|| "-".to_owned(), |fraction| format!("{:.1}", 100.0 * fraction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Const, Dyn};

    fn matrix() -> ConfusionMatrix {
        let labels: Labels<Dyn, Const<3>> = vec![0, 0, 0, 0, 1, 1, 1, 0].try_into().unwrap();
        let answers = vec![0, 0, 0, 1, 1, 0, 1, 0].try_into().unwrap();
        ConfusionMatrix::new(&labels, &answers)
    }

    /// By hand, as scikit-learn defines them: of 5 answers and 5 labels of class 0, 4 agree; of class 1, 2 of 3 and 3.
    #[test]
    fn measures_are_as_defined() {
        let matrix = matrix();
        assert_eq!(matrix.accuracy(), 0.75);
        assert_eq!([matrix.precision(0), matrix.recall(0), matrix.f1(0)], [Some(0.8); 3]);
        assert_eq!([matrix.precision(1), matrix.recall(1), matrix.f1(1)], [Some(2.0 / 3.0); 3]);
        assert_eq!([matrix.precision(2), matrix.recall(2), matrix.f1(2)], [None; 3]);
    }

    #[test]
    fn it_prints_a_table() {
        let table = "label  0 1 2   precision  recall     F1\n    0  4 1 0        80.0    80.0   80.0\n    \
                     1  1 2 0        66.7    66.7   66.7\n    2  0 0 0           -       -      -";
        assert_eq!(matrix().to_string(), table);
    }

    /// Two of three samples of class 0 are undecided, and none of the one sample of class 1.
    #[test]
    fn undecided_samples_have_no_predicted_class() {
        let rows = [1.0, 0.0, f64::NAN, 0.0, 0.0, f64::NAN, 1.0, 0.0];
        let answers = Labels::argmax(&nalgebra::SMatrix::<f64, 4, 2>::from_row_slice(&rows));
        let matrix = ConfusionMatrix::new(&Labels::try_from([0, 0, 0, 1]).unwrap(), &answers);
        assert_eq!([matrix.count(0, 0), matrix.count(0, 1), matrix.undecided(0), matrix.samples(0)], [1, 0, 2, 3]);
        assert_eq!((matrix.accuracy(), matrix.recall(0), matrix.precision(0)), (0.25, Some(1.0 / 3.0), Some(0.5)));
        assert_eq!((matrix.f1(0), matrix.f1(1)), (Some(0.4), Some(0.0)));
        let table = "label  0 1  undecided   precision  recall     F1\n    0  1 0          2        50.0    33.3   40.0\n    \
                     1  1 0          0           -     0.0    0.0";
        assert_eq!(matrix.to_string(), table);
    }
}
