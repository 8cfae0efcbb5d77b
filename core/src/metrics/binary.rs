use nalgebra::{Dim, DimName};

use crate::labels::Labels;
use crate::matrix::Batch;
use crate::metrics::binary_counts::BinaryCounts;
use crate::metrics::error::MetricError;
use crate::scalar::Scalar;

/// The scores of samples of two classes, with all metrics that compare them with the labels.
///
/// A sample is answered as positive if its score is at least a threshold. Thresholds, curves and areas need only the order
/// of the scores, so outputs of [`predict`](crate::Network::predict) serve as well as probabilities. The log loss, the Brier
/// score and the calibration need probabilities.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::metrics::BinaryScores;
///
/// let scores = BinaryScores::new(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// assert_eq!(scores.roc_area(), Some(0.75)); // of four pairs, three are in the right order
///
/// let counts = scores.at(0.5);
/// assert_eq!((counts.precision(), counts.recall(), counts.f1()), (Some(1.0), Some(0.5), Some(2.0 / 3.0)));
/// # Ok::<(), typenet::metrics::MetricError>(())
/// ```
///
/// Outputs of a network become scores by [`label`](Self::label), [`labels`](Self::labels) and [`class`](Self::class). The
/// mean of a metric over [`labels`](Self::labels) is its macro average, the metric of [`all_labels`](Self::all_labels) its
/// micro average.
///
/// The definitions are those of scikit-learn. A metric that divides by 0 is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct BinaryScores {
    // Invariant: at least one sample; no score is NaN; the largest score comes first.
    samples: Vec<(f64, bool)>,
    positives: usize,
}

/// A point of the ROC curve; see [`BinaryScores::roc`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RocPoint {
    /// The threshold; infinity for the first point.
    pub threshold: f64,
    /// The fraction of negative samples with a score of at least the threshold.
    pub false_positive_rate: f64,
    /// The fraction of positive samples with a score of at least the threshold.
    pub true_positive_rate: f64,
}

/// A point of the curve of precision over recall; see [`BinaryScores::precision_recall`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrecisionRecall {
    /// The threshold.
    pub threshold: f64,
    /// The fraction of samples with a score of at least the threshold that are positive.
    pub precision: f64,
    /// The fraction of positive samples with a score of at least the threshold.
    pub recall: f64,
}

/// The samples with a probability in one interval; see [`BinaryScores::calibration`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBin {
    /// The number of samples.
    pub samples: usize,
    /// The mean probability.
    pub probability: f64,
    /// The fraction of positive samples, which equals the mean probability of a calibrated network.
    pub positives: f64,
}

impl BinaryScores {
    /// Scores with a label each: `true` is positive.
    ///
    /// # Errors
    ///
    /// [`MetricError::NoSamples`]; [`MetricError::LabelCount`] unless there is one label for each score;
    /// [`MetricError::NotANumber`] if a score is NaN. Infinities compare like numbers.
    pub fn new<T: Scalar>(scores: &[T], labels: &[bool]) -> Result<Self, MetricError> {
        if scores.len() != labels.len() {
            return Err(MetricError::LabelCount { scores: scores.len(), labels: labels.len() });
        }
        Self::sort(scores.iter().map(|score| score.as_f64()).zip(labels.iter().copied()).collect())
    }

    /// The scores of one output column and its targets, 0 or 1, as for
    /// [`SigmoidWithLoss`](crate::losses::SigmoidWithLoss).
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::{Batch, metrics::BinaryScores};
    ///
    /// let (y, t) = (Batch::from([[0.9, 0.2], [0.4, 0.7]]), Batch::from([[1.0, 1.0], [0.0, 0.0]]));
    /// let areas = BinaryScores::labels(&y, &t)?.iter().map(BinaryScores::roc_area).collect::<Vec<_>>();
    /// assert_eq!(areas, [Some(1.0), Some(0.0)]);
    /// assert_eq!(BinaryScores::label(&y, &t, 1)?.roc_area(), Some(0.0));
    /// assert_eq!(BinaryScores::all_labels(&y, &t)?.roc_area(), Some(0.5));
    /// # Ok::<(), typenet::metrics::MetricError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new); [`MetricError::Column`] if there is no such column; [`MetricError::Target`] if a target is
    /// neither 0 nor 1.
    pub fn label<T, N, F>(y: &Batch<T, N, F>, t: &Batch<T, N, F>, column: usize) -> Result<Self, MetricError>
    where
        T: Scalar,
        N: Dim,
        F: DimName,
    {
        check_column(column, F::DIM)?;
        check_count(y.nrows(), t.nrows())?;
        let pairs =
            y.column(column).iter().zip(t.column(column).iter()).enumerate().map(pair).collect::<Result<_, _>>();
        Self::sort(pairs?)
    }

    /// The scores of each output column, as by [`label`](Self::label).
    ///
    /// # Errors
    ///
    /// Those of [`label`](Self::label).
    pub fn labels<T, N, F>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> Result<Vec<Self>, MetricError>
    where
        T: Scalar,
        N: Dim,
        F: DimName,
    {
        (0..F::DIM).map(|column| Self::label(y, t, column)).collect()
    }

    /// The scores of all output columns together, for micro averages.
    ///
    /// # Errors
    ///
    /// Those of [`label`](Self::label).
    pub fn all_labels<T, N, F>(y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> Result<Self, MetricError>
    where
        T: Scalar,
        N: Dim,
        F: DimName,
    {
        Self::sort(Self::labels(y, t)?.into_iter().flat_map(|label| label.samples).collect())
    }

    /// The scores of one class against all others, as for [`SoftmaxWithLoss`](crate::losses::SoftmaxWithLoss).
    ///
    /// Take [`probabilities`](crate::Network::probabilities): only they compare between samples.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::nalgebra::Const;
    /// use typenet::{Batch, Labels, metrics::BinaryScores};
    ///
    /// let p = Batch::from([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3]]);
    /// let labels: Labels<Const<3>, Const<2>> = [0, 1, 1].try_into()?;
    /// assert_eq!(BinaryScores::class(&p, &labels, 1)?.roc_area(), Some(1.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new); [`MetricError::Column`] if there is no such class.
    pub fn class<T, N, C>(y: &Batch<T, N, C>, labels: &Labels<N, C>, class: usize) -> Result<Self, MetricError>
    where
        T: Scalar,
        N: Dim,
        C: DimName,
    {
        check_column(class, C::DIM)?;
        check_count(y.nrows(), labels.len())?;
        let scores = y.column(class);
        Self::sort(scores.iter().zip(labels.classes()).map(|(y, &label)| (y.as_f64(), label == class)).collect())
    }

    fn sort(mut samples: Vec<(f64, bool)>) -> Result<Self, MetricError> {
        if samples.is_empty() {
            return Err(MetricError::NoSamples);
        }
        if let Some(sample) = samples.iter().position(|(score, _)| score.is_nan()) {
            return Err(MetricError::NotANumber { sample });
        }
        samples.sort_by(|one, other| other.0.total_cmp(&one.0));
        let positives = samples.iter().filter(|(_, positive)| *positive).count();
        Ok(Self { samples, positives })
    }

    /// The number of samples.
    #[allow(clippy::len_without_is_empty)] // there is at least one sample
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// The number of positive samples.
    pub fn positives(&self) -> usize {
        self.positives
    }

    /// Counts the answers at a threshold: a score of at least `threshold` is a positive answer.
    ///
    /// A NaN threshold gives no positive answer.
    pub fn at(&self, threshold: f64) -> BinaryCounts {
        let answers = self.samples.partition_point(|(score, _)| *score >= threshold);
        let found = self.samples[..answers].iter().filter(|(_, positive)| *positive).count();
        self.counts(answers, found)
    }

    /// The counts of `answers` positive answers, of which `found` are right.
    fn counts(&self, answers: usize, found: usize) -> BinaryCounts {
        BinaryCounts {
            true_positives: found,
            false_positives: answers - found,
            true_negatives: self.len() - self.positives - (answers - found),
            false_negatives: self.positives - found,
        }
    }

    /// Every distinct score as a threshold, the largest first, with its counts.
    pub fn thresholds(&self) -> impl Iterator<Item = (f64, BinaryCounts)> {
        let (mut answers, mut found) = (0, 0);
        self.samples.chunk_by(|(one, _), (other, _)| one == other).map(move |equal| {
            answers += equal.len();
            found += equal.iter().filter(|(_, positive)| *positive).count();
            (equal[0].0, self.counts(answers, found))
        })
    }

    /// The largest threshold with the best F1, and that F1; `None` if no sample is positive.
    ///
    /// Choose a threshold on validation data, not on test data.
    pub fn best_f1(&self) -> Option<(f64, f64)> {
        let all = self.thresholds().filter(|_| self.positives > 0);
        all.filter_map(|(threshold, counts)| Some((threshold, counts.f1()?)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The ROC curve: a point for each distinct score, from (0, 0) to (1, 1); `None` if all samples are of one class.
    pub fn roc(&self) -> Option<Vec<RocPoint>> {
        let first = RocPoint { threshold: f64::INFINITY, false_positive_rate: 0.0, true_positive_rate: 0.0 };
        let point = |(threshold, counts): (f64, BinaryCounts)| {
            let (false_positive_rate, true_positive_rate) = (counts.false_positive_rate()?, counts.recall()?);
            Some(RocPoint { threshold, false_positive_rate, true_positive_rate })
        };
        std::iter::once(Some(first)).chain(self.thresholds().map(point)).collect()
    }

    /// The area under the ROC curve; `None` if all samples are of one class.
    ///
    /// This is the probability that a positive sample has a larger score than a negative one; equal scores count half.
    pub fn roc_area(&self) -> Option<f64> {
        let (mut twice, mut before) = (0_u128, BinaryCounts::default());
        for (_, counts) in self.thresholds() {
            let negatives = counts.false_positives - before.false_positives;
            twice += negatives as u128 * (before.true_positives + counts.true_positives) as u128;
            before = counts;
        }
        let pairs = self.positives as u128 * (self.len() - self.positives) as u128;
        (pairs > 0).then(|| twice as f64 / (2 * pairs) as f64)
    }

    /// Precision and recall for each distinct score, the largest first; `None` if no sample is positive.
    pub fn precision_recall(&self) -> Option<Vec<PrecisionRecall>> {
        let point = |(threshold, counts): (f64, BinaryCounts)| {
            Some(PrecisionRecall { threshold, precision: counts.precision()?, recall: counts.recall()? })
        };
        self.thresholds().map(point).collect()
    }

    /// The average precision, `Σ (R_k - R_(k-1)) · P_k` over the thresholds; `None` if no sample is positive.
    pub fn average_precision(&self) -> Option<f64> {
        let (points, mut before) = (self.precision_recall()?, 0.0);
        Some(
            points
                .iter()
                .map(|point| (point.recall - std::mem::replace(&mut before, point.recall)) * point.precision)
                .sum(),
        )
    }

    /// The mean of `-ln p` of positive and `-ln(1 - p)` of negative samples.
    ///
    /// Probabilities are clipped to `f64::EPSILON` and `1 - f64::EPSILON`, so that a certain wrong answer costs 36.04.
    ///
    /// # Errors
    ///
    /// [`MetricError::Probability`] if a score is not from 0 to 1.
    pub fn log_loss(&self) -> Result<f64, MetricError> {
        self.mean(|p, positive| {
            let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
            -if positive { p.ln() } else { (-p).ln_1p() }
        })
    }

    /// The Brier score: the mean of `(1 - p)²` of positive and `p²` of negative samples.
    ///
    /// # Errors
    ///
    /// [`MetricError::Probability`] if a score is not from 0 to 1.
    pub fn brier(&self) -> Result<f64, MetricError> {
        self.mean(|p, positive| (f64::from(u8::from(positive)) - p).powi(2))
    }

    fn mean(&self, of: impl Fn(f64, bool) -> f64) -> Result<f64, MetricError> {
        self.check_probabilities()?;
        Ok(self.samples.iter().map(|&(p, positive)| of(p, positive)).sum::<f64>() / self.len() as f64)
    }

    fn check_probabilities(&self) -> Result<(), MetricError> {
        let wrong = self.samples.iter().find(|(score, _)| !(0.0..=1.0).contains(score));
        wrong.map_or(Ok(()), |&(score, _)| Err(MetricError::Probability { score }))
    }

    /// Compares probabilities with the fraction of positive samples, in `bins` intervals of equal width.
    ///
    /// Returns the intervals that have samples, from 0 to 1. A probability between two intervals belongs to the lower one.
    ///
    /// # Errors
    ///
    /// [`MetricError::NoBins`]; [`MetricError::Probability`] if a score is not from 0 to 1.
    pub fn calibration(&self, bins: usize) -> Result<Vec<CalibrationBin>, MetricError> {
        self.check_probabilities()?;
        if bins == 0 {
            return Err(MetricError::NoBins);
        }
        let bin = |p: f64| bin(p, bins);
        let groups = self.samples.chunk_by(|(one, _), (other, _)| bin(*one) == bin(*other)).rev();
        Ok(groups
            .map(|group| CalibrationBin {
                samples: group.len(),
                probability: group.iter().map(|(p, _)| p).sum::<f64>() / group.len() as f64,
                positives: group.iter().filter(|(_, positive)| *positive).count() as f64 / group.len() as f64,
            })
            .collect())
    }
}

/// The interval of a probability: the number of inner edges below it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to `bins`
fn bin(p: f64, bins: usize) -> usize {
    let edge = |bin: usize| bin as f64 / bins as f64;
    let near = (p * bins as f64) as usize;
    // Rounding may miss by one.
    (near.saturating_sub(1)..=near.saturating_add(1))
        .filter(|&bin| bin > 0 && bin < bins && edge(bin) < p)
        .max()
        .unwrap_or(0)
}

fn pair<T: Scalar>((sample, (y, t)): (usize, (&T, &T))) -> Result<(f64, bool), MetricError> {
    match t.as_f64() {
        0.0 => Ok((y.as_f64(), false)),
        1.0 => Ok((y.as_f64(), true)),
        target => Err(MetricError::Target { sample, target }),
    }
}

fn check_column(column: usize, columns: usize) -> Result<(), MetricError> {
    if column < columns { Ok(()) } else { Err(MetricError::Column { column, columns }) }
}

fn check_count(scores: usize, labels: usize) -> Result<(), MetricError> {
    if scores == labels { Ok(()) } else { Err(MetricError::LabelCount { scores, labels }) }
}
