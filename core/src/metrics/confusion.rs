use std::fmt::{self, Display, Formatter};

use nalgebra::{Dim, DimName};

use crate::labels::Labels;

/// How often samples of each class were taken for each class.
///
/// A sample whose answer is [undecided](Labels::undecided), for there is a NaN among its outputs, is taken for no class:
/// it counts among the samples of its label, and never as right.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::Const;
/// use typenet::{Labels, metrics::ConfusionMatrix};
///
/// let labels: Labels<Const<5>, Const<2>> = Labels::new(Const, &[0, 0, 0, 1, 1])?;
/// let answers = Labels::new(Const, &[0, 0, 1, 1, 1])?;
/// let matrix = ConfusionMatrix::new(&labels, &answers);
/// assert_eq!(matrix.count(0, 1), 1); // a sample of class 0 was taken for 1
/// assert_eq!(matrix.precision(0), Some(1.0)); // what was taken for 0 was 0
/// assert_eq!(matrix.recall(0), Some(2.0 / 3.0)); // of the zeros two thirds were found
/// # Ok::<(), typenet::LabelsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    // Invariant: `classes` rows of as many columns; a row is a label, a column an answer.
    counts: Vec<usize>,
    // Invariant: one for each label.
    undecided: Vec<usize>,
    classes: usize,
}

impl ConfusionMatrix {
    /// Counts what samples of these labels were taken for.
    ///
    /// # Panics
    ///
    /// If there are more or fewer answers than labels, which can only be if `N` is `Dyn`.
    pub fn new<N: Dim, C: DimName>(labels: &Labels<N, C>, answers: &Labels<N, C>) -> Self {
        assert_eq!(answers.len(), labels.len(), "as many answers as labels");
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

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many samples of class `label` were taken for class `answer`.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn count(&self, label: usize, answer: usize) -> usize {
        assert!(label < self.classes && answer < self.classes, "classes {label} and {answer} of {}", self.classes);
        self.counts[label * self.classes + answer]
    }

    /// How many samples of class `label` were taken for no class.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn undecided(&self, label: usize) -> usize {
        assert!(label < self.classes, "class {label} of {}", self.classes);
        self.undecided[label]
    }

    /// How many samples of class `label` there are.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn samples(&self, label: usize) -> usize {
        self.undecided(label) + (0..self.classes).map(|answer| self.count(label, answer)).sum::<usize>()
    }

    /// The fraction of all samples that was taken for what it is; 0 for no samples.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.classes).map(|class| self.count(class, class)).sum();
        share(right, (0..self.classes).map(|label| self.samples(label)).sum()).unwrap_or(0.0)
    }

    /// Of what was taken for that class, the part that is of it; `None` where nothing was taken for it.
    pub fn precision(&self, class: usize) -> Option<f64> {
        share(self.count(class, class), (0..self.classes).map(|label| self.count(label, class)).sum())
    }

    /// Of what is of that class, the part that was taken for it; `None` where nothing is of it.
    pub fn recall(&self, class: usize) -> Option<f64> {
        share(self.count(class, class), self.samples(class))
    }

    /// `F1 = 2 · precision · recall / (precision + recall)`; `None` where nothing is of that class nor was taken for it.
    pub fn f1(&self, class: usize) -> Option<f64> {
        let taken: usize = (0..self.classes).map(|label| self.count(label, class)).sum();
        share(2 * self.count(class, class), self.samples(class) + taken)
    }
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// A table: a row for each label, a column for each answer, and precision, recall and F1 in per cent. Where samples are
/// undecided, they have a column as well.
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

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.1}", 100.0 * share))
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

    /// scikit-learn's definitions, by hand: class 0 has 4 right of 5 taken and of 5 there, class 1 2 of 3 and 3.
    #[test]
    fn measures_are_as_defined() {
        let matrix = matrix();
        assert_eq!(matrix.accuracy(), 0.75);
        assert_eq!([matrix.precision(0), matrix.recall(0), matrix.f1(0)], [Some(0.8); 3]);
        assert_eq!([matrix.precision(1), matrix.recall(1), matrix.f1(1)], [Some(2.0 / 3.0); 3]);
        assert_eq!([matrix.precision(2), matrix.recall(2), matrix.f1(2)], [None; 3]);
    }

    #[test]
    fn it_is_a_table() {
        let table = "label  0 1 2   precision  recall     F1\n    0  4 1 0        80.0    80.0   80.0\n    \
                     1  1 2 0        66.7    66.7   66.7\n    2  0 0 0           -       -      -";
        assert_eq!(matrix().to_string(), table);
    }

    /// Of class 0 two samples of three are undecided, of class 1 none of one.
    #[test]
    fn undecided_samples_are_taken_for_no_class() {
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
