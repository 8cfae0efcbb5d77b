/// The numbers of right and wrong answers of two classes at a threshold; see
/// [`BinaryScores::at`](crate::metrics::BinaryScores::at).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BinaryCounts {
    /// Positive samples that were found.
    pub true_positives: usize,
    /// Negative samples that were taken for positive.
    pub false_positives: usize,
    /// Negative samples that were rejected.
    pub true_negatives: usize,
    /// Positive samples that were missed.
    pub false_negatives: usize,
}

impl BinaryCounts {
    /// `accuracy = (TP + TN) / (TP + FP + TN + FN)`: the fraction of right answers; `None` if there are no samples.
    pub fn accuracy(&self) -> Option<f64> {
        let right = self.true_positives + self.true_negatives;
        fraction(right, right + self.false_positives + self.false_negatives)
    }

    /// `precision = TP / (TP + FP)`; `None` if no answer is positive.
    pub fn precision(&self) -> Option<f64> {
        fraction(self.true_positives, self.true_positives + self.false_positives)
    }

    /// `recall = TP / (TP + FN)`, the true positive rate; `None` if no sample is positive.
    pub fn recall(&self) -> Option<f64> {
        fraction(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// `FP / (FP + TN)`; `None` if no sample is negative.
    pub fn false_positive_rate(&self) -> Option<f64> {
        fraction(self.false_positives, self.false_positives + self.true_negatives)
    }

    /// `F1 = 2 · precision · recall / (precision + recall) = 2 TP / (2 TP + FP + FN)`; `None` if no answer and no sample
    /// is positive.
    pub fn f1(&self) -> Option<f64> {
        let twice = 2 * self.true_positives;
        fraction(twice, twice + self.false_positives + self.false_negatives)
    }
}

/// A part of a whole; `None` if the whole is 0.
pub(super) fn fraction(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}
