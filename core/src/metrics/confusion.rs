use std::fmt::{self, Display, Formatter};

use nalgebra::{Dim, DimName};

use crate::Labels;

/// How often samples of each class were taken for each class.
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
/// # Ok::<(), typenet::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    // Invariant: `classes` rows of as many columns; a row is a label, a column an answer.
    counts: Vec<usize>,
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
        let mut matrix = Self { counts: vec![0; C::DIM * C::DIM], classes: C::DIM };
        for (label, answer) in labels.classes().iter().zip(answers.classes()) {
            matrix.counts[label * C::DIM + answer] += 1;
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

    /// Which part of all samples was taken for what it is; 0 where there are none.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.classes).map(|class| self.count(class, class)).sum();
        right as f64 / self.counts.iter().sum::<usize>().max(1) as f64
    }

    /// Of what was taken for that class, the part that is of it; `None` where nothing was taken for it.
    pub fn precision(&self, class: usize) -> Option<f64> {
        share(self.count(class, class), (0..self.classes).map(|label| self.count(label, class)).sum())
    }

    /// Of what is of that class, the part that was taken for it; `None` where nothing is of it.
    pub fn recall(&self, class: usize) -> Option<f64> {
        share(self.count(class, class), (0..self.classes).map(|answer| self.count(class, answer)).sum())
    }

    /// `F1 = 2 · precision · recall / (precision + recall)`; `None` where nothing is of that class nor was taken for it.
    pub fn f1(&self, class: usize) -> Option<f64> {
        let both = (0..self.classes).map(|other| self.count(class, other) + self.count(other, class)).sum();
        share(2 * self.count(class, class), both)
    }
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// A table: a row for each label, a column for each answer, and precision, recall and F1 in per cent.
impl Display for ConfusionMatrix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let largest = self.counts.iter().max().copied().unwrap_or(0).max(self.classes);
        let width = largest.to_string().len() + 1;
        write!(f, "label ")?;
        (0..self.classes).try_for_each(|answer| write!(f, "{answer:>width$}"))?;
        write!(f, "   precision  recall     F1")?;
        for label in 0..self.classes {
            write!(f, "\n{label:>5} ")?;
            (0..self.classes).try_for_each(|answer| write!(f, "{:>width$}", self.count(label, answer)))?;
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
}
